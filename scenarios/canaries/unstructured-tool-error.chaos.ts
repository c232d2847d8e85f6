/** Wrong on purpose: the model is told of a failed tool by the words of an exception and nothing else. */
import { defineScenario } from 'agent-chaos'
import { toolErrorsStructured } from 'agent-chaos/invariants'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'unstructured-tool-error',
  agent: agentWith({ explain: String }),
  invariants: [toolErrorsStructured()],
  expect: { violates: 'tool-errors-structured' },
  repaired: { agent: agentWith({}) },
})
