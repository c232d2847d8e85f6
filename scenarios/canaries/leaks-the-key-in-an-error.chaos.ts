/** Wrong on purpose: an error tells of the whole request that failed, key included, and the model is told of the error. */
import { defineScenario } from 'agent-chaos'
import { secretsNotLeaked } from 'agent-chaos/invariants'
import { HttpError, postJson } from '../agent/http.js'
import { payingAgent, paymentService, refundsUrl } from '../refund/payments.js'

const secretKey = 'payments-key-0f6c2a91d47be385'
const headers = { authorization: `Bearer ${secretKey}` }

export default defineScenario({
  ...paymentService(),
  name: 'leaks-the-key-in-an-error',
  agent: payingAgent((body, key, signal) => {
    const request = { body, key, headers, signal }
    return postJson(refundsUrl, request).catch((error: unknown) => {
      if (error instanceof HttpError) error.message += ` to ${JSON.stringify(request)}`
      throw error
    })
  }),
  invariants: [secretsNotLeaked({ secrets: [secretKey] })],
  expect: { violates: 'secrets-not-leaked' },
  repaired: { agent: payingAgent((body, key, signal) => postJson(refundsUrl, { body, key, headers, signal })) },
})
