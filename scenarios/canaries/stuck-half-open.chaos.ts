/** Wrong on purpose: the call that tries a half-open breaker does not give its permit back when it fails, and none follows. */
import { defineScenario } from 'agent-chaos'
import { breakerRecovers } from 'agent-chaos/invariants'
import { HomeMadeBreaker } from './breaker/home-made.js'
import { shortDay, shortDayDesk } from './desk/short-day.js'

const [afterFailures, resetMs, msMax] = [3, 10_000, 12_000]

export default defineScenario({
  ...shortDay,
  name: 'stuck-half-open',
  agent: (context) => {
    const breaker = new HomeMadeBreaker({ afterFailures, resetMs, msMax, keepsPermit: true })
    const { lookup } = context.tools
    return shortDayDesk()({
      ...context,
      tools: { ...context.tools, lookup: (order) => breaker.call(() => lookup(order)) },
    })
  },
  invariants: [
    breakerRecovers({
      dependencies: [
        {
          site: 'tool:lookup',
          trips: { kind: 'consecutive', failures: afterFailures },
          resetAfterMs: resetMs,
          timeoutMs: msMax,
          fallback: ['tool:escalate'],
        },
      ],
    }),
  ],
  expect: { violates: 'breaker-recovers' },
})
