/** Wrong on purpose: a span is ended in the line after the work, and what failed is missing from the trace. */
import { trace } from '@opentelemetry/api'
import { defineScenario } from 'agent-chaos'
import { traceComplete } from 'agent-chaos/invariants'
import type { WithSpan } from '../agent/telemetry.js'
import { agentWith, shop } from '../refund/shop.js'

const withSpan: WithSpan = (operation, name, work, more) => {
  const attributes = { 'gen_ai.operation.name': operation, ...more }
  return trace.getTracer('agent').startActiveSpan(`${operation} ${name}`, { attributes }, async (span) => {
    const result = await work(span)
    span.end()
    return result
  })
}

export default defineScenario({
  ...shop,
  name: 'traces-successes-only',
  agent: agentWith({}, { withSpan }),
  invariants: [traceComplete()],
  expect: { violates: 'trace-complete' },
  repaired: { agent: agentWith({}) },
})
