/**
 * What the rules about a breaker look at. These are the states that it went through, by its own account, as spans of
 * time. Beside them stands how what it counted compares to its profile.
 */
import type { BreakerState } from '../../contracts/breaker.js'
import { failureOf, isCounted } from '../reading/outcomes.js'
import { type Account, endingsOf, type Reported, type ReportedCall } from './account.js'
import type { DependencyBreaker } from './profile.js'

export interface Period {
  readonly state: BreakerState
  readonly from: number
  /** The event with which it began. */
  readonly index: number
  /** Infinity where it lasted to the end. */
  readonly to: number
  readonly toIndex: number
  /** Whether it was seen to begin; otherwise it is how the breaker was found. */
  readonly entered: boolean
  readonly byHand: boolean
  /** Whether the wall clock jumped in it, by which some breakers measure. */
  readonly jumped: boolean
}

/** What a rule about a breaker looks at. */
export interface BreakerSubject {
  readonly breaker: DependencyBreaker
  readonly account: Account
  readonly periods: readonly Period[]
  /** Failures that the breaker counts and the profile does not, where that is certain. */
  readonly miscounted: ReadonlySet<ReportedCall>
  /** Events with which it may have forgotten all that was before. */
  readonly fresh: readonly number[]
}

/** In which way a breaker is not as its profile has it. */
export interface Misconduct {
  readonly how: string
  readonly story: string
  /** In order; the last one settles it. */
  readonly evidence: readonly number[]
}

export function misconduct(how: string, story: string, evidence: readonly number[]): Misconduct {
  return { how, story, evidence: [...new Set(evidence)].sort((a, b) => a - b) }
}

export function subjectOf(breaker: DependencyBreaker, account: Account): BreakerSubject {
  const periods = periodsOf(account)
  // A call that tried and succeeded makes some libraries forget, even where they had opened again meanwhile.
  const tries = account.calls.filter(
    ({ as, index }) => as === 'succeeded' && periodAt(periods, index)?.state !== 'closed',
  )
  const closings = periods.filter(({ state, entered }) => state === 'closed' && entered)
  return {
    breaker,
    account,
    periods,
    miscounted: new Set(account.calls.filter((call) => isMiscounted(call, breaker, account))),
    fresh: [...tries, ...closings].map(({ index }) => index),
  }
}

/** Where several calls may be the one that is reported, all of them must be such. */
function isMiscounted(call: ReportedCall, { counts }: DependencyBreaker, account: Account): boolean {
  if (call.as !== 'failed') return false
  const endings = endingsOf(call, account, (crossing) => {
    const failure = failureOf(crossing)
    return failure !== undefined && !isCounted(failure, counts)
  })
  return endings.length > 0 && endings.every((isUncounted) => isUncounted === true)
}

function periodsOf({ news, jumps }: Account): Period[] {
  const begins = news.flatMap((report) => {
    const state = stateAfter(report)
    return state ? [{ report, state }] : []
  })
  return begins.map(({ report, state }, position) => {
    const next = begins[position + 1]?.report
    const toIndex = next?.index ?? Number.POSITIVE_INFINITY
    return {
      state,
      from: report.at,
      index: report.index,
      to: next?.at ?? Number.POSITIVE_INFINITY,
      toIndex,
      entered: report.news.event !== 'observed',
      byHand: 'by' in report.news && report.news.by === 'hand',
      jumped: jumps.some(({ index }) => index > report.index && index < toIndex),
    }
  })
}

/** The state that the breaker was in when the event came. */
function periodAt(periods: readonly Period[], index: number): Period | undefined {
  return periods.findLast((period) => period.index < index)
}

function stateAfter({ news }: Reported): BreakerState | undefined {
  switch (news.event) {
    case 'observed':
      return news.state
    case 'opened':
      return 'open'
    case 'half-opened':
      return 'half-open'
    case 'closed':
      return 'closed'
    default:
      return undefined
  }
}
