/** Wrong on purpose: a wait of months, as the server asks for, overflows the timer, and the retries come as a storm. */
import Anthropic from '@anthropic-ai/sdk'
import { defineScenario } from 'agent-chaos'
import { catalogue, defineFault } from 'agent-chaos/faults'
import { backoffRespected } from 'agent-chaos/invariants'
import { agentWith, shop } from '../refund/shop.js'

const hostile = defineFault({
  name: 'api/hostile-advice',
  summary: 'The model API answers 429 and asks for months.',
  class: 'transient',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'reject', code: 'rate-limited', retryAfter: '9999999' }),
})

/** Longer than a timer can wait, which fires at once then. */
function waitOf(error: unknown): number {
  const advice = error instanceof Anthropic.APIError ? error.headers?.get('retry-after') : undefined
  return Number(advice ?? 0) * 1_000
}

export default defineScenario({
  ...shop,
  name: 'overflows-on-retry-after',
  agent: agentWith({ adviceMs: waitOf }),
  faults: [hostile, ...catalogue],
  invariants: [backoffRespected()],
  expect: { violates: 'backoff-respected' },
  repaired: { agent: agentWith({}) },
})
