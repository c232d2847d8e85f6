/**
 * Circuit breakers must trip: those of the run (turns, tool failures, no progress) and one before each dependency, by
 * profile. Which limits are right depends on the kind of task, so they are the scenario's to say.
 */

import type { Invariant } from '../contracts/invariant.js'
import { siteName, type Trace } from '../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { breakers } from './breaker/options.js'
import { type DependencyBreaker, failuresToTrip } from './breaker/profile.js'
import { replayBreaker } from './breaker/replay.js'
import { breakerSteps, dependencySites } from './breaker/steps.js'
import { type AgentAttempt, attemptsOf } from './reading/attempts.js'
import { taking, wholeAtLeast } from './reading/options.js'
import { type RunLimits, runLimits } from './reading/run-limits.js'
import { becauseUnseen } from './reading/unseen-tools.js'
import { weightiest } from './reading/weightiest.js'

/** Limits of the run, and one breaker for each dependency. Every part is optional. */
export interface BreakerLimits extends RunLimits {
  /** A circuit breaker each. */
  readonly dependencies?: readonly DependencyBreaker[]
}

/** A limit, and what it says of one attempt of the agent. */
interface Limit {
  readonly name: string
  readonly promise: string
  judge(trace: Trace, attempt: AgentAttempt): Verdict
  /** How far an attempt got towards it, where it counts. */
  readonly progress?: { readonly most: number; reached(attempt: AgentAttempt): number }
}

/**
 * The agent stops where its limits say, and calls no dependency whose breaker had to be open. Throws a `UserError` for
 * a dependency's site that names no boundary.
 */
export const breakerTrips = taking(
  'breakerTrips',
  {
    turns: wholeAtLeast(0),
    afterToolFailures: wholeAtLeast(0),
    afterConsecutiveToolFailures: wholeAtLeast(0),
    noProgress: wholeAtLeast(1),
    dependencies: breakers,
  },
  (options: BreakerLimits): Invariant => {
    const limits: readonly Limit[] = [
      ...runLimits(options).map(({ judge, reached, most, ...limit }) => ({
        ...limit,
        judge: (_: Trace, { crossings }: AgentAttempt) => judge(crossings),
        progress: { most, reached: ({ crossings }: AgentAttempt) => reached(crossings) },
      })),
      ...(options.dependencies ?? []).map(dependencyLimit),
    ]
    return {
      name: 'breaker-trips',
      ...(limits.length === 0 && { idle: 'no limit was given' }),
      kind: 'safety',
      promise: `The agent stops itself: ${promiseOf(limits)}.`,
      antecedent:
        'A limit was reached, or a breaker had to trip. Calls that had begun before that are exempt, and counting starts ' +
        'anew when the agent was restarted.',
      remedy: 'Count turns, failures and calls in the loop itself, and stop when the bound is reached.',
      example:
        'The model asked for the same search again and again. Each answer was fine, so no error was ever counted, and the ' +
        'agent went on for four hundred turns until somebody looked at the bill.',
      exemptions: {
        'in-flight': 'The call had begun when the limit was reached or the breaker opened.',
        'another-flow':
          'Of a breaker: the call began in that very instant, one for each other flow that was under way.',
        'given-up':
          'What took so long that the agent may have given it up is not counted, if it did something else meanwhile.',
        'false-answer': 'An answer that was false is no failure, and breaks no row of equal answers.',
        'clock-jump': 'Of a breaker: the wall clock had jumped, by which breakers count.',
        'asked-again': 'Of turns: a question that failed is asked once more, be it of another model.',
        restart: 'What the agent had counted is gone with a crash.',
      },
      counts: countedIn(options),
      check: (trace) => {
        const attempts = attemptsOf(trace)
        const verdicts = limits.flatMap(({ judge }) => attempts.map((attempt) => judge(trace, attempt)))
        return weightiest(verdicts, sayUntested(limits, attempts, countsTools(options) ? trace : undefined))
      },
    }
  },
)

/** Why nothing was put to the test, and how near it came. `tools` is the trace, where tool calls count. */
function sayUntested(limits: readonly Limit[], attempts: readonly AgentAttempt[], tools: Trace | undefined): Verdict {
  const far = limits.map(({ name, progress }) => {
    const reached = progress && Math.max(0, ...attempts.map((attempt) => progress.reached(attempt)))
    return { name, reached, near: progress && progress.most > 0 ? (reached ?? 0) / progress.most : 0 }
  })
  const named = far.map(({ name, reached }) => (reached ? `${name} (it got to ${reached})` : name))
  const because = far.length === 0 ? 'no limit was given' : `no limit was reached: ${named.join(', ')}`
  return vacuous(tools ? becauseUnseen(because, tools) : because, Math.max(0, ...far.map(({ near }) => near)))
}

function countedIn({ afterToolFailures, afterConsecutiveToolFailures, dependencies = [] }: BreakerLimits): number[] {
  const limits = [afterToolFailures, afterConsecutiveToolFailures].filter((limit) => limit !== undefined)
  return [...limits, ...dependencies.flatMap(failuresToTrip)]
}

function countsTools({ afterToolFailures, afterConsecutiveToolFailures, noProgress }: RunLimits): boolean {
  return [afterToolFailures, afterConsecutiveToolFailures, noProgress].some((limit) => limit !== undefined)
}

function promiseOf(limits: readonly Limit[]): string {
  return limits.length > 0
    ? limits.map(({ promise }) => promise).join(', and ')
    : 'after so many turns or failed tool calls as are given'
}

function dependencyLimit(breaker: DependencyBreaker): Limit {
  const sites = dependencySites(breaker)
  return {
    name: `the breaker before ${breaker.site}`,
    promise: `its breaker before ${breaker.site} lets nothing through while it is open`,
    judge: (trace, attempt) => {
      const replay = replayBreaker(breaker, breakerSteps(trace, attempt, breaker, sites), attempt.crossings)
      const { trips, breach } = replay
      if (!breach) {
        return trips.some(({ at, until }) => until > at) ? held : vacuous('the breaker never had to be open')
      }
      const site = siteName(breach.crossing.call.site)
      const story =
        breach.how === 'open'
          ? `A call reached ${site} while the breaker before ${breaker.site} had to be open.`
          : `More calls tried ${site} at once than the breaker before ${breaker.site} lets through while half open.`
      return violated(`${breach.how}:${breaker.site}`, story, breach.evidence)
    },
  }
}
