import { boundaries } from '../boundaries.js'
import { defineFault } from '../fault.js'

export const cancel = defineFault({
  name: 'process/cancel',
  summary: 'Whoever gave the task calls it off while the call is under way, and the call itself goes on.',
  class: 'resource',
  boundaries,
  params: {},
  action: () => ({ kind: 'cancel' }),
})
