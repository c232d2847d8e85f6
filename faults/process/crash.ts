import { boundaries } from '../boundaries.js'
import { defineFault } from '../fault.js'

export const crash = defineFault({
  name: 'process/crash',
  summary: 'The process of the agent ends, and it is started again with nothing but what it had made durable.',
  class: 'resource',
  boundaries,
  params: {
    phase: {
      kind: 'choice',
      doc: 'before anything was sent, with the work begun, or with the work done and not yet acted on',
      values: ['before', 'during', 'after'],
      default: 'after',
    },
  },
  action: ({ phase }) => ({ kind: 'crash', phase }),
})
