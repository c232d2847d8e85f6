import { defineFault } from '../fault.js'

export const slow = defineFault({
  name: 'tool/slow',
  summary: 'The tool takes its time before it begins; it works, and answers in the end.',
  class: 'transient',
  boundaries: ['tool'],
  params: {
    delay: { kind: 'integer', doc: 'virtual time', unit: 'ms', min: 1, max: 3_600_000, default: 20_000 },
  },
  action: ({ delay }) => ({ kind: 'delay', ms: delay }),
})
