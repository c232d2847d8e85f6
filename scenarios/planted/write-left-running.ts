/** Wrong on purpose: a write that takes three seconds is left running and sent once more, without a key. */
import { setTimeout as sleep } from 'node:timers/promises'
import { defineScenario } from 'agent-chaos'
import { postJson } from '../agent/http.js'
import { payingAgent, paymentService, refundsUrl } from '../refund/payments.js'

const patienceMs = 3_000

export default defineScenario({
  ...paymentService(),
  name: 'write-left-running',
  agent: payingAgent(async (body, _key, signal) => {
    const post = () => postJson(refundsUrl, { body, signal })
    return (await Promise.race([post(), sleep(patienceMs)])) ?? post()
  }),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: payingAgent() },
})
