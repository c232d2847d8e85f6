/** Wrong on purpose: the tool answers with an error in place of throwing it, and whatever is answered counts as done. */
import { defineScenario } from 'agent-chaos'
import { agentWith, shop } from '../refund/shop.js'

/** An error is an error, whichever way it comes. */
function thrown<Result>(result: Result): Result {
  if (result instanceof Error) throw result
  return result
}

export default defineScenario({
  ...shop,
  name: 'returned-error-taken-for-success',
  via: 'return',
  agent: agentWith({}),
  expect: { violates: 'no-invented-success' },
  repaired: {
    agent: (context) =>
      agentWith({})({ ...context, tools: { refund: (order) => context.tools.refund(order).then(thrown) } }),
  },
})
