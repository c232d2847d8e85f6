/** Wrong on purpose: an answer with a status of 200 counts as a payment made, whatever its body says. */
import { defineScenario } from 'agent-chaos'
import { deceptiveResultNotTrusted } from 'agent-chaos/invariants'
import { HttpError } from '../agent/http.js'
import { payingAgent, paymentService, refundsUrl } from './payments/service.js'

export default defineScenario({
  ...paymentService(),
  name: 'trusts-an-error-in-a-200',
  agent: payingAgent(async (body, key, signal) => {
    const headers = { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) }
    const response = await fetch(refundsUrl, { method: 'POST', headers, body: JSON.stringify(body), signal })
    if (!response.ok) throw new HttpError(refundsUrl, response)
    return response.json()
  }),
  faults: ['deceptive', 'transient', 'indeterminate', 'definite'],
  invariants: [deceptiveResultNotTrusted()],
  expect: { violates: 'deceptive-result-not-trusted' },
})
