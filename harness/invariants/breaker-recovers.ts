/**
 * Circuit breakers must recover. Whether an agent wants a call that its breaker turns away cannot be seen at the
 * dependency. It is taken from what is seen around it. Where that leaves room, nothing is judged.
 */

import { runsTool } from '../contracts/boundary.js'
import type { Invariant } from '../contracts/invariant.js'
import { type Crossing, siteName, type Trace, toolCallsOf } from '../contracts/trace.js'
import { held, inconclusive, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { breakers } from './breaker/options.js'
import { type DependencyBreaker, failuresToTrip } from './breaker/profile.js'
import { replayBreaker } from './breaker/replay.js'
import { breakerSteps, dependencySites } from './breaker/steps.js'
import { type AgentAttempt, attemptsOf } from './reading/attempts.js'
import { rootOf } from './reading/flows.js'
import { isHealed } from './reading/healing.js'
import { mandatory, taking } from './reading/options.js'
import { failureOf } from './reading/outcomes.js'
import { anyOf, type SitePattern, sitePattern } from './reading/site-pattern.js'
import { clockMoved } from './reading/wall-time.js'

/** A breaker that is to recover, and what is called in its dependency's place. */
export interface RecoveringBreaker extends DependencyBreaker {
  /**
   * Sites that are called only in the dependency's place. A call to one, once the breaker should try again, is a call
   * that the dependency should have got. Without them a reached goal excuses a breaker that never closed.
   */
  readonly fallback?: readonly string[]
}

/** The breakers that are judged. */
export interface BreakerRecovery {
  readonly dependencies: readonly RecoveringBreaker[]
}

/**
 * Circuit breakers try again in time, and close when the dependency is well. Throws a `UserError` for a site that names
 * no boundary.
 */
export const breakerRecovers = taking(
  'breakerRecovers',
  { dependencies: mandatory(breakers, 'an array of breakers') },
  ({ dependencies }: BreakerRecovery): Invariant => {
    const breakers = dependencies.map((breaker) => ({
      breaker,
      sites: dependencySites({ ...breaker, exempt: [...(breaker.exempt ?? []), ...(breaker.fallback ?? [])] }),
      fallback: anyOf((breaker.fallback ?? []).map(sitePattern)),
    }))
    return {
      name: 'breaker-recovers',
      ...(breakers.length === 0 && { idle: 'no breaker was given' }),
      kind: 'liveness',
      promise:
        'A breaker that opened lets calls through again once its dependency is healthy and the reset time is over.',
      antecedent:
        'A breaker had to open, all faults ended, and after the reset time the agent still had use for the dependency: ' +
        'the model asked for it, a tool ran that calls it, or its fallback was called, more often than there are probes.',
      remedy: 'Let a call through once the reset time is over, and give its permit back however it ends.',
      example:
        'The search service was down for a minute. The one call that was let through to try was cancelled with its ' +
        'request. Nobody gave its permit back, and the breaker stayed half open until the next deployment.',
      exemptions: {
        'not-healed': 'A fault had not ended when the agent answered, or left it nothing to do.',
        'not-due': 'The reset time was not over since the last failure, or since the outage.',
        'no-use': 'The agent did not show, more often than there are probes, that it had use for the dependency.',
        'goal-reached': 'Without `fallback`: the goal was reached without the dependency.',
        'clock-jump': 'The wall clock had jumped, by which breakers count.',
        restart: 'The breaker of an attempt that crashed is gone.',
      },
      counts: dependencies.flatMap(failuresToTrip),
      check: (trace) => {
        if (breakers.length === 0) return vacuous('no breaker was given')
        if (!isHealed(trace)) return vacuous('the faults had not ended when the agent did, or left it nothing to do')
        const verdicts = breakers.map((each) => judge(trace, each))
        const decided = ['violated', 'inconclusive', 'held'].flatMap((kind) =>
          verdicts.filter((one) => one.kind === kind),
        )
        const names = breakers.map(({ breaker }) => breaker.site).join(', ')
        return decided[0] ?? vacuous(`no breaker was open and had a use after its reset time: ${names}`)
      },
    }
  },
)

interface Recovering {
  readonly breaker: RecoveringBreaker
  readonly sites: SitePattern
  readonly fallback: SitePattern
}

function judge(trace: Trace, { breaker, sites, fallback }: Recovering): Verdict {
  const attempt = attemptsOf(trace).at(-1)
  if (!attempt || clockMoved(trace)) return vacuous('nothing is known of the breaker')
  const { trips } = replayBreaker(breaker, breakerSteps(trace, attempt, breaker, sites), attempt.crossings)
  const trip = trips.at(-1)
  if (!trip) return vacuous('the breaker never had to open')
  const calls = attempt.crossings.filter(({ call }) => sites(call.site))
  const demands = { trace, attempt, calls, fallback }
  const last = calls.at(-1)
  if (last && last.callIndex > trip.index && last.result?.outcome.kind === 'ok') {
    // What came after an answer is certain only where a fallback shows it: a tool may have what it needs by then.
    const after = demandsAfter(last.result.at + breaker.resetAfterMs, demands).filter(({ certain }) => certain)
    return after.length > (breaker.probes ?? 1) ? stuckVerdict(after, breaker, trip.index) : held
  }
  return neverAnswered(trace, demandsAfter(dueAt(trace, breaker, calls), demands), breaker, trip.index)
}

/**
 * The latest time at which a breaker as in the profile, or a stricter one, may still be open. It is the reset time
 * after the last call that failed, was struck, or is not known to have ended well. It does not come before the plan's
 * outages are over.
 */
function dueAt(
  { injections }: Trace,
  { resetAfterMs, timeoutMs }: RecoveringBreaker,
  calls: readonly Crossing[],
): number {
  const patience = timeoutMs ?? Number.POSITIVE_INFINITY
  const troubles = calls.map(({ call, faults, result }) => {
    if (result?.outcome.kind === 'ok' && faults.length === 0) return Number.NEGATIVE_INFINITY
    const outages = faults.map(({ injection }) => injections[injection]?.endsAt ?? 0)
    return Math.max(result?.at ?? call.at + patience, ...outages) + resetAfterMs
  })
  return Math.max(...troubles)
}

interface Demand {
  readonly index: number
  /** Nobody calls a fallback for its own sake. */
  readonly certain: boolean
}

interface Around {
  readonly trace: Trace
  readonly attempt: AgentAttempt
  readonly calls: readonly Crossing[]
  readonly fallback: SitePattern
}

/** Where, later than `after`, the agent had use for the dependency. */
function demandsAfter(after: number, { trace, attempt, calls, fallback }: Around): Demand[] {
  const later = attempt.crossings.filter(({ call }) => call.at > after)
  const callers = new Set(calls.map((call) => rootOf(call, attempt.crossings)).map(({ call }) => siteName(call.site)))
  const certain = later.filter(({ call }) => fallback(call.site)).map(({ callIndex }) => callIndex)
  const ran = later.filter((crossing) => callers.has(siteName(crossing.call.site)) && failureOf(crossing))
  // An agent that runs no tool any more has stopped altogether, which is another breaker's affair.
  const stillRuns = later.some(({ call }) => runsTool(call.site))
  const asked = stillRuns ? asksFor(calls, trace, attempt, after) : []
  const uncertain = [...ran.map(({ callIndex }) => callIndex), ...asked]
  return [
    ...certain.map((index) => ({ index, certain: true })),
    ...uncertain.map((index) => ({ index, certain: false })),
  ]
}

/** Answers in which the model asked for a tool that is the dependency. */
function asksFor(calls: readonly Crossing[], { events }: Trace, { from, to }: AgentAttempt, after: number): number[] {
  const tools = new Set(calls.filter(({ call }) => runsTool(call.site)).map(({ call }) => call.site.target))
  return events.flatMap((event, index) => {
    const isIn = index >= from && index < to && event.at > after
    return isIn &&
      event.kind === 'return' &&
      event.outcome.kind === 'ok' &&
      toolCallsOf(event.reply).some(({ name }) => tools.has(name))
      ? [index]
      : []
  })
}

function neverAnswered({ goal }: Trace, found: readonly Demand[], breaker: RecoveringBreaker, trip: number): Verdict {
  const { probes = 1 } = breaker
  const certain = found.filter((demand) => demand.certain)
  if (certain.length > probes) return stuckVerdict(certain, breaker, trip)
  if (found.length <= probes + 1) return vacuous('there was no use for the dependency after the reset time')
  if (goal) return vacuous('the goal was reached without it')
  return goal === null ? inconclusive('goal() threw') : stuckVerdict(found, breaker, trip)
}

function stuckVerdict(found: readonly Demand[], { site }: RecoveringBreaker, trip: number): Verdict {
  return violated(
    `stuck:${site}`,
    `The breaker before ${site} let nothing through, though all faults were over, its reset time had passed and there ` +
      `was use for it ${found.length} times.`,
    [trip, ...found.map(({ index }) => index)],
  )
}
