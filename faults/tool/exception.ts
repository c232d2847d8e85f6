import { defineFault } from '../fault.js'

export const exception = defineFault({
  name: 'tool/exception',
  summary:
    'The tool throws an exception of its own that tells nothing: no code, no status, not whether it did its work.',
  class: 'indeterminate',
  boundaries: ['tool'],
  params: {
    work: { kind: 'choice', doc: 'whether the work was done', values: ['not-done', 'done'], default: 'not-done' },
  },
  action: ({ work }) => ({
    kind: 'drop',
    when: work === 'done' ? 'after' : 'before',
    symptom: 'exception',
    timeoutMs: 0,
  }),
})
