/** Circuit breakers that were observed must be what their profile says, by their own account and by what really crossed. */

import type { BreakerNeed } from '../contracts/breaker.js'
import type { Invariant } from '../contracts/invariant.js'
import { siteOf } from '../contracts/site.js'
import { siteName, type Trace } from '../contracts/trace.js'
import { held, inconclusive, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { accountOf } from './breaker/account.js'
import { conductOf } from './breaker/conduct.js'
import { breakers } from './breaker/options.js'
import { type DependencyBreaker, failuresToTrip } from './breaker/profile.js'
import { dependencySites } from './breaker/steps.js'
import { wiringFault } from './breaker/wiring.js'
import { type AgentAttempt, attemptsOf } from './reading/attempts.js'
import { mandatory, taking } from './reading/options.js'
import type { SitePattern } from './reading/site-pattern.js'
import { weightiest } from './reading/weightiest.js'

/** The breakers that are judged. */
export interface BreakerConformance {
  /** Each is observed by the agent at the same `site`: `observe.cockatiel(breaker, 'tool:search')`. */
  readonly dependencies: readonly DependencyBreaker[]
}

/**
 * Circuit breakers that the agent has observed do what their profile says. Throws a `UserError` for a site that names
 * no boundary.
 */
export const breakerConforms = taking(
  'breakerConforms',
  { dependencies: mandatory(breakers, 'an array of breakers') },
  ({ dependencies }: BreakerConformance): Invariant => {
    const judged = dependencies.map((breaker) => ({
      breaker,
      name: siteName(siteOf(breaker.site)),
      sites: dependencySites(breaker),
    }))
    return {
      name: 'breaker-conforms',
      ...(judged.length === 0 && { idle: 'no breaker was given' }),
      kind: 'safety',
      promise:
        'An observed circuit breaker opens exactly when its profile says, and lets nothing through while it is open. It ' +
        'tries again in time and with no more calls than it may, and closes when they succeed. Nobody goes past it.',
      antecedent:
        'The agent had the breaker observed, and it opened or had to. Calls that it had let through before are exempt, as ' +
        'is everything in the same moment.',
      remedy: 'Set threshold, window and reset time of the breaker as its profile says, or correct the profile.',
      example:
        'One customer sent a malformed order three times and got a 400 three times. The breaker took that for an ailing ' +
        'service, opened, and turned away the orders of everybody else for half a minute.',
      breakers: dependencies.map(breakerNeed),
      counts: dependencies.flatMap(failuresToTrip),
      exemptions: {
        'in-flight': 'A call had been let through before, and reached its site only now.',
        'same-moment': 'What happens in the same moment: which came first is not known.',
        'not-counted-yet': 'Outcomes that the breaker may not have counted yet, or may still remember.',
        'clock-jump': 'The wall clock had jumped, by which breakers count.',
        restart: 'What the breaker did in the last moment before a crash.',
      },
      check: (trace) => {
        if (judged.length === 0) return vacuous('no breaker was given')
        const verdicts = judged.flatMap((each) => attemptsOf(trace).map((attempt) => judge(trace, attempt, each)))
        return weightiest(verdicts, verdicts.at(-1) ?? vacuous('no breaker was observed'))
      },
    }
  },
)

interface Judged {
  readonly breaker: DependencyBreaker
  readonly name: string
  readonly sites: SitePattern
}

function judge(trace: Trace, attempt: AgentAttempt, { breaker, name, sites }: Judged): Verdict {
  const account = accountOf(trace, attempt, name, sites)
  if (!account) return vacuous(`no breaker before ${breaker.site} was observed`)
  const { misconduct, tested } = conductOf(breaker, account)
  if (misconduct) {
    const { how, story, evidence } = misconduct
    return violated(`${how}:${breaker.site}`, `The breaker before ${breaker.site}: ${story}`, evidence)
  }
  const fault = wiringFault(account)
  if (fault !== undefined) return inconclusive(`wiring: ${fault}`)
  return tested ? held : vacuous(`the breaker before ${breaker.site} never had to open`)
}

function breakerNeed({ site, exempt = [], trips }: DependencyBreaker): BreakerNeed {
  if (trips.kind === 'consecutive') return { site, exempt, calls: trips.failures }
  const { minimumCalls, windowMs } = trips
  return { site, exempt, calls: Math.max(1, Math.ceil(minimumCalls)), ...(windowMs && { withinMs: windowMs }) }
}
