/**
 * One attempt of the agent as a breaker before a dependency would see it: calls that begin and calls that end, in order. Apart
 * from the breaker itself, because what ends when is a question of the profile's patience and not of its states.
 */
import type { Crossing, Trace } from '../../contracts/trace.js'
import type { AgentAttempt } from '../reading/attempts.js'
import { hasGoneOnBeside, mayBeGivenUp } from '../reading/flows.js'
import { failureOf, isCounted } from '../reading/outcomes.js'
import { anyOf, type SitePattern, sitePattern } from '../reading/site-pattern.js'
import type { DependencyBreaker } from './profile.js'

export type BreakerStep =
  | { readonly kind: 'begin'; readonly at: number; readonly index: number; readonly crossing: Crossing }
  | {
      readonly kind: 'end'
      readonly at: number
      readonly index: number
      readonly crossing: Crossing
      readonly as: Seen
      /** The earliest time at which the agent may have taken it for failed. */
      readonly knownAt: number
    }
  /** The wall clock jumped, and breakers count time by it: from here on nothing is known of the breaker. */
  | { readonly kind: 'clock-jump'; readonly at: number; readonly index: number }

/** What an end is to a breaker. `uncertain`: a failure that the agent may have counted at some earlier time. */
export type Seen = 'failure' | 'success' | 'uncounted' | 'uncertain'

export function dependencySites({ site, exempt = [] }: Pick<DependencyBreaker, 'site' | 'exempt'>): SitePattern {
  const [matches, exempted] = [sitePattern(site), anyOf(exempt.map(sitePattern))]
  return (candidate) => matches(candidate) && !exempted(candidate)
}

export function breakerSteps(
  trace: Trace,
  attempt: AgentAttempt,
  breaker: DependencyBreaker,
  sites: SitePattern,
): BreakerStep[] {
  const endsAt = trace.events.at(-1)?.at ?? 0
  const steps: BreakerStep[] = []
  for (const crossing of attempt.crossings) {
    if (!sites(crossing.call.site)) continue
    steps.push({ kind: 'begin', at: crossing.call.at, index: crossing.callIndex, crossing })
    const end = endOf(crossing, attempt, breaker)
    if (end && end.at <= endsAt) steps.push(end)
  }
  trace.events.slice(attempt.from, attempt.to).forEach((event, offset) => {
    if (event.kind === 'fault' && event.actions.includes('clock-jump')) {
      steps.push({ kind: 'clock-jump', at: event.at, index: attempt.from + offset })
    }
  })
  // What ran out of patience stands behind all else of its instant: who acts in it may not have learnt of it yet.
  return steps.sort((a, b) => a.at - b.at || order(a) - order(b))
}

function order(step: BreakerStep): number {
  return isGivenUp(step) ? Number.POSITIVE_INFINITY : step.index
}

/** Whether a call ended because nobody waited for it any longer, which leaves no mark of its own in a trace. */
export function isGivenUp(step: BreakerStep): boolean {
  return step.kind === 'end' && step.crossing.resultIndex !== step.index
}

function endOf(crossing: Crossing, attempt: AgentAttempt, breaker: DependencyBreaker): BreakerStep | undefined {
  const { call, callIndex, result, resultIndex } = crossing
  const { counts, timeoutMs } = breaker
  const patientUntil = call.at + (timeoutMs ?? Number.POSITIVE_INFINITY)
  if (result === undefined || result.at > patientUntil) {
    if (!Number.isFinite(patientUntil)) return undefined
    return { kind: 'end', at: patientUntil, index: callIndex, crossing, as: 'failure', knownAt: patientUntil }
  }
  if (resultIndex >= attempt.to) return undefined
  const { at } = result
  const mayHaveGivenUp = timeoutMs === undefined && mayBeGivenUp(crossing)
  const end = { kind: 'end', at, index: resultIndex, crossing, knownAt: mayHaveGivenUp ? call.at : at } as const
  const failure = failureOf(crossing)
  if (failure === undefined) return { ...end, as: 'success' }
  if (!isCounted(failure, counts)) return { ...end, as: 'uncounted' }
  return { ...end, as: mayHaveGivenUp && hasGoneOnBeside(crossing, attempt.crossings) ? 'uncertain' : 'failure' }
}
