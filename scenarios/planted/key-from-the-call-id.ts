/** Wrong on purpose: the id of the model's call is the idempotency key; a task that is started over gets a new one, and pays again. */
import { defineScenario } from 'agent-chaos'
import { shop } from '../refund/shop.js'
import { startedOver, unhurried } from '../refund/started-over.js'

export default defineScenario({
  ...shop,
  ...unhurried,
  name: 'key-from-the-call-id',
  agent: startedOver({ key: (callId) => callId }),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: startedOver() },
})
