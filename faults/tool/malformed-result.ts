import { defineFault } from '../fault.js'

export const malformedResult = defineFault({
  name: 'tool/malformed-result',
  summary:
    'The tool does its work, and in place of its result comes a text that is no data: half of it, or a page of HTML.',
  class: 'deceptive',
  boundaries: ['tool'],
  params: {
    how: { kind: 'choice', doc: 'what comes in its place', values: ['cut', 'html'], default: 'cut' },
  },
  action: ({ how }) => ({ kind: 'rewrite', edit: { kind: 'malformed', how } }),
})
