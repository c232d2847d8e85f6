import { defineFault } from '../fault.js'

export const hang = defineFault({
  name: 'tool/hang',
  summary: 'The tool never answers and never fails, whether its work was done or not.',
  class: 'indeterminate',
  boundaries: ['tool'],
  params: {
    work: { kind: 'choice', doc: 'whether the work is done', values: ['not-done', 'done'], default: 'done' },
  },
  action: ({ work }) => ({
    kind: 'drop',
    when: work === 'done' ? 'after' : 'before',
    symptom: 'hang',
    timeoutMs: 0,
  }),
})
