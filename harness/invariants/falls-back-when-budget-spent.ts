import type { Invariant } from '../contracts/invariant.js'
import { type Crossing, siteName, type Trace } from '../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { type AgentAttempt, attemptsOf } from './reading/attempts.js'
import { hasGoneOnBeside, mayBeGivenUp, othersUnderWay, rootOf } from './reading/flows.js'
import { hasLastingFault } from './reading/healing.js'
import { atLeast, between, functionOf, mandatory, taking, text, wholeAtLeast } from './reading/options.js'
import { type CountsFailure, failureOf, inOrderOfCompletion, isCounted, isFalse } from './reading/outcomes.js'
import { type SitePattern, sitePattern } from './reading/site-pattern.js'
import { weightiest } from './reading/weightiest.js'

/** An error budget, and where the work goes once it is spent. Times are virtual milliseconds. */
export interface ErrorBudget {
  /** The site that work goes to: `tool:draft`, `http:"POST api.example.com/*"`. */
  readonly primary: string
  /** The simpler site that takes over while the budget is spent. */
  readonly fallback: string
  /** The share of primary calls that is to succeed, 0 to 1. The budget is `(1 - target) * window` failures. */
  readonly target: number
  /** How many of the last primary calls the budget is for. */
  readonly window: number
  /** Fewer completed calls than this never spend it; 1 by default. */
  readonly minimumCalls?: number
  /** After so many virtual milliseconds the primary may be tried again, with a window that begins anew. */
  readonly recoverAfterMs: number
  /** Which failures are charged to the budget; by default `dependencyFailures`. */
  readonly counts?: CountsFailure
}

/**
 * While the error budget of a site is spent, work goes to the fallback. More than `(1 - target) * window` failures among the last
 * `window` completed primary calls spend it. `minimumCalls` must have completed by then.
 *
 * The figure is never rounded or clamped: a budget below one failure is spent by the first. It stays spent for `recoverAfterMs`,
 * or until calls that were in flight bring the failures in the window down again. In doubt the agent's own count goes. After so
 * long a silence its window may begin anew. A call of a second or more may have been given up and charged earlier, if the agent
 * went on beside it. Throws a `UserError` for a site that names no boundary.
 */
export const fallsBackWhenBudgetSpent = taking(
  'fallsBackWhenBudgetSpent',
  {
    primary: mandatory(text, 'a site, as in "tool:draft"'),
    fallback: mandatory(text, 'a site, as in "tool:draft"'),
    target: mandatory(between(0, 1), 'a share of calls from 0 to 1'),
    window: mandatory(wholeAtLeast(1), 'a whole number of at least 1'),
    minimumCalls: wholeAtLeast(0),
    recoverAfterMs: mandatory(atLeast(0), 'a number of at least 0'),
    counts: functionOf('a failure'),
  },
  (budget: ErrorBudget): Invariant => {
    const sites = { primary: sitePattern(budget.primary), fallback: sitePattern(budget.fallback) }
    return {
      name: 'falls-back-when-budget-spent',
      kind: 'safety',
      promise: `While the error budget of ${budget.primary} is spent, work goes to ${budget.fallback}, and afterwards back.`,
      antecedent:
        'The budget was spent and work came after that. The way back is judged where two tasks or more went on, long after ' +
        'the faults that struck the primary were over: the time to recover had passed.',
      remedy: 'Ask the budget before each call, and take the fallback once it is spent.',
      example:
        'Nine of ten answers of the large model failed. The desk went on sending it every ticket, and each customer ' +
        'waited for a failure first, with the simpler way standing by unused.',
      exemptions: {
        'in-flight': 'The call had begun when the budget was spent.',
        'another-flow':
          'The call began in the very instant in which the budget was spent: one for each other flow that was under way.',
        'last-resort':
          'The fallback was called since, and at the last it failed or gave a false answer. For each call that it failed, one may go to ' +
          'the primary, with its retries.',
        'given-up':
          'A failure came so late that the agent may have charged it before, and it did something else meanwhile.',
        restored: 'Calls that had been in flight brought the failures in the window down again.',
        restart: 'What the agent had counted is gone with a crash.',
        'primary-not-well':
          'Of the way back: a fault that struck the primary was for good, or not over, or the agent was called off, or never ' +
          'answered.',
      },
      check: (trace) => {
        const verdicts = attemptsOf(trace).map((attempt) => judge(trace, attempt, budget, sites))
        const excused = verdicts.find((verdict) => verdict.kind === 'vacuous' && verdict.because !== unspent.because)
        return weightiest(verdicts, excused ?? unspent)
      },
    }
  },
)

const unspent = { kind: 'vacuous', because: 'the budget was never spent' } as const

interface Sites {
  readonly primary: SitePattern
  readonly fallback: SitePattern
}

/** A time during which work must go to the fallback. */
interface Spent {
  readonly by: Crossing
  /** Virtual milliseconds; the budget may have shown again before. */
  readonly until: number
  /** The completion with which it did, by its index. */
  readonly restoredAt: number
}

function judge(trace: Trace, attempt: AgentAttempt, budget: ErrorBudget, sites: Sites): Verdict {
  const primary = attempt.crossings.filter(({ call }) => sites.primary(call.site) && !sites.fallback(call.site))
  const fallback = attempt.crossings.filter(({ call }) => sites.fallback(call.site))
  const periods = spentPeriods(primary, budget, attempt)
  if (periods.length === 0) return unspent
  for (const period of periods) {
    const wrong = wrongly(period, primary, fallback, attempt)
    if (wrong) {
      const site = siteName(wrong.call.site)
      return violated('primary-used', `The agent called ${site} while its error budget was spent.`, [
        period.by.resultIndex,
        wrong.callIndex,
      ])
    }
  }
  const worked = periods.some(({ by }) => [...primary, ...fallback].some(({ callIndex }) => callIndex > by.resultIndex))
  if (!worked) return vacuous('no work came after the budget was spent')
  return judgeReturn(trace, attempt, primary, fallback, budget) ?? held
}

/** Whether more failed than the budget holds; the tolerance is for shares such as 0.9, which no float holds exactly. */
function isSpent(window: readonly boolean[], { target, window: size, minimumCalls = 1 }: ErrorBudget): boolean {
  const failures = window.filter(Boolean).length
  return window.length >= Math.min(minimumCalls, size) && failures > (1 - target) * size + 1e-9
}

function spentPeriods(primary: readonly Crossing[], budget: ErrorBudget, attempt: AgentAttempt): Spent[] {
  const periods: Spent[] = []
  let window: boolean[] = []
  let current: Spent | undefined
  let since = Number.NEGATIVE_INFINITY
  for (const crossing of inOrderOfCompletion(primary)) {
    const fresh = lastFresh(primary, crossing, budget.recoverAfterMs)
    if (fresh > since) {
      since = fresh
      ;[current, window] = [undefined, []]
    }
    if (crossing.callIndex < since) continue
    const failure = failureOf(crossing)
    const charged = failure !== undefined && isCounted(failure, budget.counts)
    // It may have been given up, and charged, before others that ended earlier.
    if (charged && mayBeGivenUp(crossing) && hasGoneOnBeside(crossing, attempt.crossings)) continue
    window = [...window, charged].slice(-budget.window)
    const spent = isSpent(window, budget)
    if (current && !spent) {
      periods.splice(-1, 1, { ...current, restoredAt: crossing.resultIndex })
      current = undefined
    } else if (spent && !current) {
      const knownAt = mayBeGivenUp(crossing) ? crossing.call.at : (crossing.result?.at ?? 0)
      current = { by: crossing, until: knownAt + budget.recoverAfterMs, restoredAt: Number.POSITIVE_INFINITY }
      periods.push(current)
    }
  }
  return periods
}

/**
 * The last call up to the given one that began after a silence of the time to recover, by its index. There the agent's
 * window may begin anew, be it that the budget was spent here or that the agent knew of a failure earlier.
 */
function lastFresh(primary: readonly Crossing[], { callIndex }: Crossing, recoverAfterMs: number): number {
  const position = primary.findLastIndex(
    (each, at) =>
      each.callIndex <= callIndex && each.call.at - (primary[at - 1]?.call.at ?? each.call.at) >= recoverAfterMs,
  )
  return primary[position]?.callIndex ?? Number.NEGATIVE_INFINITY
}

function wrongly(
  { by, until, restoredAt }: Spent,
  primary: readonly Crossing[],
  fallback: readonly Crossing[],
  attempt: AgentAttempt,
): Crossing | undefined {
  let excused = othersUnderWay(by, attempt.crossings)
  const lastResorts = new Set<string>()
  return primary.find(({ call, callIndex }) => {
    if (callIndex <= by.resultIndex || callIndex > restoredAt || call.at >= until) return false
    if (lastResorts.has(taskOf({ call }))) return false
    const instead = inOrderOfCompletion(fallback).filter(
      (each) => each.callIndex > by.resultIndex && each.resultIndex < callIndex,
    )
    const last = instead.at(-1)
    if (last && isInVain(last) && new Set(instead.filter(isInVain).map(taskOf)).size > lastResorts.size) {
      lastResorts.add(taskOf({ call }))
      return false
    }
    return !(call.at === by.result?.at && excused-- > 0)
  })
}

function isInVain(fallback: Crossing): boolean {
  return failureOf(fallback) !== undefined || isFalse(fallback)
}

/** What a call and its retries have in common. */
function taskOf({ call }: Pick<Crossing, 'call'>): string {
  return `${siteName(call.site)} ${call.occurrence}`
}

/** Work went to the fallback, twice at least, when the primary had long been well and due. */
function judgeReturn(
  trace: Trace,
  attempt: AgentAttempt,
  primary: readonly Crossing[],
  fallback: readonly Crossing[],
  { recoverAfterMs }: ErrorBudget,
): Verdict | undefined {
  const answer = trace.events.find(({ kind }) => kind === 'claim' || kind === 'cancel')
  if (attempt.to !== trace.events.length || answer?.kind !== 'claim') return undefined
  const roots = new Set(primary.map((each) => rootOf(each, attempt.crossings)))
  const around = attempt.crossings.filter((each) => roots.has(rootOf(each, attempt.crossings)))
  if (around.some((each) => hasLastingFault(each, trace, answer.at))) return undefined
  const ends = around.map(({ call, result, faults }) =>
    Math.max(result?.at ?? call.at, ...faults.map(({ injection }) => trace.injections[injection]?.endsAt ?? 0)),
  )
  const due = Math.max(...ends) + recoverAfterMs
  const last = primary.at(-1)
  // One task may have gone there for a reason of its own, however often that had to be tried.
  const since = fallback.filter(({ call }) => call.at > due && call.attempt === 1)
  if (!last || since.length < 2) return undefined
  return violated(
    'never-returned',
    `All faults were over and the time to recover had passed, and work still went to ${siteName(since[0]?.call.site ?? last.call.site)}.`,
    [last.callIndex, ...since.map(({ callIndex }) => callIndex)],
  )
}
