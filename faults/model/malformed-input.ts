import { defineFault } from '../fault.js'

export const malformedInput = defineFault({
  name: 'model/malformed-input',
  summary: 'The model calls a tool with an input that is no JSON, and its answer ends as if nothing were wrong.',
  class: 'behavioural',
  boundaries: ['model'],
  needs: ['loose-input'],
  params: {
    how: {
      kind: 'choice',
      doc: 'half of it comes, its quotes are of the wrong kind, or it comes twice, one behind the other',
      values: ['half', 'single-quotes', 'twice'],
      default: 'half',
    },
  },
  action: ({ how }) => ({ kind: 'answer', reply: { kind: 'mistaken', mistake: { kind: 'malformed-input', how } } }),
})
