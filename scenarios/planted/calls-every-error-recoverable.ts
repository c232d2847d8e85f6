/** Wrong on purpose: the model is told of every error that it may pass, a 400 included. */
import { defineScenario } from 'agent-chaos'
import { toolErrorsStructured } from 'agent-chaos/invariants'
import { explain } from '../agent/failure.js'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'calls-every-error-recoverable',
  agent: agentWith({ explain: (error) => ({ ...explain(error), recoverable: true }) }),
  invariants: [toolErrorsStructured()],
  expect: { violates: 'tool-errors-structured' },
  repaired: { agent: agentWith({}) },
})
