import { defineFault } from '../fault.js'

export const late = defineFault({
  name: 'http/late',
  summary: 'No answer comes, and the service carries the request out later all the same.',
  class: 'indeterminate',
  boundaries: ['http'],
  params: {
    after: {
      kind: 'integer',
      doc: 'virtual time from the request until it is carried out; beyond the timeout of the client, it is late indeed',
      unit: 'ms',
      min: 0,
      max: 3_600_000,
      default: 15_000,
    },
  },
  action: ({ after }) => ({ kind: 'late', ms: after, timeoutMs: 0 }),
})
