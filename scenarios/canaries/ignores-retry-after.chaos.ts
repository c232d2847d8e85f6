/** Wrong on purpose: whatever time the server asks to be left alone for, the agent comes back when it likes. */
import { defineScenario } from 'agent-chaos'
import { catalogue, defineFault } from 'agent-chaos/faults'
import { backoffRespected } from 'agent-chaos/invariants'
import { agentWith, shop } from '../refund/shop.js'

const limited = defineFault({
  name: 'api/limited',
  summary: 'The model API answers 429 and asks for half a minute.',
  class: 'transient',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'reject', code: 'rate-limited', retryAfter: '30' }),
})

export default defineScenario({
  ...shop,
  name: 'ignores-retry-after',
  agent: agentWith({ adviceMs: () => 0 }),
  faults: [limited, ...catalogue],
  invariants: [backoffRespected()],
  expect: { violates: 'backoff-respected' },
  repaired: { agent: agentWith({}) },
})
