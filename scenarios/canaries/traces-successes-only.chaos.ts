/** Wrong on purpose: only spans of what went well are exported, and what failed is missing from the trace. */
import { defineScenario } from 'agent-chaos'
import { traceComplete } from 'agent-chaos/invariants'
import type { SpanFacts } from '../agent/telemetry.js'
import { agentWith, shop } from '../refund/shop.js'

export default defineScenario({
  ...shop,
  name: 'traces-successes-only',
  agent: async (context) => {
    const spans: SpanFacts[] = []
    const outcome = await agentWith({})({ ...context, state: { ...context.state, spans } })
    context.state.spans.push(...spans.filter(({ status }) => status === 'ok'))
    return outcome
  },
  invariants: [traceComplete()],
  expect: { violates: 'trace-complete' },
  repaired: { agent: agentWith({}) },
})
