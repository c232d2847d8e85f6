/** Wrong on purpose: a task whose tool was refused for good is started over, and the model asks for the same again. */
import { APIError } from '@anthropic-ai/sdk'
import { defineScenario } from 'agent-chaos'
import { permanentErrorsNotRetried } from 'agent-chaos/invariants'
import { shop } from '../refund/shop.js'
import { isRefusal, startedOver, unhurried } from '../refund/started-over.js'

export default defineScenario({
  ...shop,
  ...unhurried,
  name: 'starts-over-after-a-400',
  agent: startedOver({ isFinal: (error) => error instanceof APIError && isRefusal(error) }),
  invariants: [permanentErrorsNotRetried()],
  expect: { violates: 'permanent-errors-not-retried' },
  repaired: { agent: startedOver() },
})
