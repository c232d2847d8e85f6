/** Wrong on purpose: the call that tries a half-open breaker gives its permit back where it is refused, and not where it times out. */
import { defineScenario } from 'agent-chaos'
import { breakerRecovers } from 'agent-chaos/invariants'
import { kindOf } from '../agent/failure.js'
import { HomeMadeBreaker } from '../flaws/home-made-breaker.js'
import { shortDay, shortDayDesk } from '../support-desk/short-day.js'

const [afterFailures, resetMs, msMax] = [3, 10_000, 12_000]

const agent = (keepsPermit: boolean | ((error: unknown) => boolean)): ReturnType<typeof shortDayDesk> => {
  return (context) => {
    const breaker = new HomeMadeBreaker({ afterFailures, resetMs, msMax, keepsPermit })
    const { lookup } = context.tools
    return shortDayDesk()({
      ...context,
      tools: { ...context.tools, lookup: (order) => breaker.call(() => lookup(order)) },
    })
  }
}

export default defineScenario({
  ...shortDay,
  name: 'stuck-after-a-slow-probe',
  agent: agent((error) => kindOf(error) === 'indeterminate'),
  faults: ['tool/unavailable', 'tool/reply-lost'],
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
  repaired: { agent: agent(false) },
})
