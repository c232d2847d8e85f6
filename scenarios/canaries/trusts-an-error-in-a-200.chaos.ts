/** Wrong on purpose: an answer with a status of 200 counts as a payment made, whatever its body says. */
import { defineScenario } from 'agent-chaos'
import { deceptiveResultNotTrusted } from 'agent-chaos/invariants'
import { post } from '../agent/http.js'
import { payingAgent, paymentService, refundsUrl } from '../refund/payments.js'

export default defineScenario({
  ...paymentService(),
  name: 'trusts-an-error-in-a-200',
  agent: payingAgent(async (body, key, signal) => (await post(refundsUrl, { body, key, signal })).status),
  faults: ['deceptive', 'transient', 'indeterminate', 'definite'],
  invariants: [deceptiveResultNotTrusted()],
  expect: { violates: 'deceptive-result-not-trusted' },
  repaired: { agent: payingAgent() },
})
