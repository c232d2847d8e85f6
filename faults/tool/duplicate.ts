import { defineFault } from '../fault.js'

export const duplicate = defineFault({
  name: 'tool/duplicate',
  summary: 'The same call is delivered more than once; the caller sees one answer.',
  class: 'indeterminate',
  boundaries: ['tool'],
  params: {
    times: { kind: 'integer', doc: 'how many deliveries beside the first', min: 1, max: 5, default: 1 },
    gap: { kind: 'integer', doc: 'virtual time between deliveries', unit: 'ms', min: 0, max: 600_000, default: 0 },
  },
  action: ({ times, gap }) => ({ kind: 'repeat', times, gapMs: gap }),
})
