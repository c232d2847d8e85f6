/**
 * The two breakers of an agent's run: a limit on turns, and a limit on tool failures. Which limits are right depends on
 * the kind of task, so they are the scenario's to say.
 */
import type { Invariant } from '../invariant.js'
import { type Crossing, crossingsOf, reportsError, siteName } from '../trace.js'
import { held, type Verdict, vacuous, violated } from '../verdict.js'

export interface BreakerLimits {
  /** The most logical model calls; a retry of one is no turn. */
  readonly turns?: number
  /** Failed tool calls, all told, after which no tool is called any more. */
  readonly afterToolFailures?: number
  /** The same, for failures in a row. */
  readonly afterConsecutiveToolFailures?: number
}

export const breakerTrips = (limits: BreakerLimits): Invariant => ({
  name: 'breaker-trips',
  kind: 'safety',
  promise: `The agent stops itself: ${promised(limits)}.`,
  antecedent: 'A limit was reached. Tool calls that had begun before the failure that reached it are exempt.',
  example:
    'The model asked for the same search again and again. Each answer was fine, so no error was ever counted, and the ' +
    'agent went on for four hundred turns until somebody looked at the bill.',
  check: (trace) => {
    const crossings = crossingsOf(trace)
    const verdicts = [
      limits.turns === undefined ? [] : [turns(crossings, limits.turns)],
      limits.afterToolFailures === undefined ? [] : [toolFailures(crossings, limits.afterToolFailures, false)],
      limits.afterConsecutiveToolFailures === undefined
        ? []
        : [toolFailures(crossings, limits.afterConsecutiveToolFailures, true)],
    ].flat()
    return (
      verdicts.find((verdict) => verdict.kind === 'violated') ??
      verdicts.find((verdict) => verdict.kind === 'held') ??
      vacuous('no limit was reached')
    )
  },
})

function promised({ turns, afterToolFailures, afterConsecutiveToolFailures }: BreakerLimits): string {
  const parts = [
    turns !== undefined && `it takes at most ${turns} turns`,
    afterToolFailures !== undefined && `it calls no tool after ${afterToolFailures} failed tool calls`,
    afterConsecutiveToolFailures !== undefined &&
      `it calls no tool after ${afterConsecutiveToolFailures} failed tool calls in a row`,
  ].filter((part) => part !== false)
  return parts.length > 0 ? parts.join(', and ') : 'after so many turns or failed tool calls as are given'
}

function turns(crossings: readonly Crossing[], limit: number): Verdict {
  const taken = crossings.filter(({ call }) => call.site.boundary === 'model' && call.attempt === 1)
  const over = taken[limit]
  if (over) {
    return violated('turns', `The agent took turn ${limit + 1}; ${limit} are allowed.`, [over.callIndex])
  }
  return taken.length === limit ? held : vacuous('the limit on turns was not reached')
}

function toolFailures(crossings: readonly Crossing[], limit: number, inARow: boolean): Verdict {
  const calls = crossings.filter(({ call }) => call.site.boundary === 'tool')
  const tripping = trippingFailure(calls, limit, inARow)
  if (!tripping) return vacuous('the limit on tool failures was not reached')
  const later = calls.find(({ callIndex }) => callIndex > tripping.resultIndex)
  if (!later) return held
  const row = inARow ? ' in a row' : ''
  return violated(
    inARow ? 'consecutive-tool-failures' : 'tool-failures',
    `The agent called ${siteName(later.call.site)} after ${limit} tool failures${row}.`,
    [tripping.resultIndex, later.callIndex],
  )
}

/** The failure, in the order of completion, that reaches the limit. */
function trippingFailure(calls: readonly Crossing[], limit: number, inARow: boolean): Crossing | undefined {
  const completed = calls.filter(({ result }) => result).sort((a, b) => a.resultIndex - b.resultIndex)
  let failures = 0
  for (const crossing of completed) {
    if (failed(crossing)) {
      if (++failures >= limit) return crossing
    } else if (inARow) failures = 0
  }
  return undefined
}

/** Failed, by throwing or by returning an error as a value. */
function failed({ result }: Crossing): boolean {
  return result !== undefined && (result.outcome.kind === 'failed' || reportsError(result.outcome.output))
}
