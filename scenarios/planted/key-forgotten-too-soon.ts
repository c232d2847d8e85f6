/** Wrong on purpose: the service forgets idempotency keys after five seconds, and its client retries for longer than that. */
import { defineScenario } from 'agent-chaos'
import { payingAgent, paymentService } from '../refund/payments.js'

export default defineScenario({
  ...paymentService(5_000),
  name: 'key-forgotten-too-soon',
  agent: payingAgent(),
  expect: { violates: 'effects-exactly-once' },
  repaired: { world: paymentService().world },
})
