/**
 * The breakers of an agent's run: limits on turns, on tool failures and on calls that lead nowhere. Each is judged over
 * one attempt of the agent, for what it counted is gone with a crash.
 */
import { asksModel, runsTool } from '../../contracts/boundary.js'
import { isAskedAgain } from '../../contracts/same-question.js'
import { type Crossing, siteName } from '../../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../../contracts/verdict.js'
import { hasGoneOnBeside, isHeard, mayBeGivenUp } from './flows.js'
import { groupBy } from './grouping.js'
import { failureOf, inOrderOfCompletion, isFalse, outputText } from './outcomes.js'

/** Limits on one attempt of the agent. What is left out has no limit. */
export interface RunLimits {
  /** The most questions to the model; one that failed and is asked again, of another model too, is no turn. */
  readonly turns?: number
  /** Failed tool calls, all told, after which no tool is called any more. */
  readonly afterToolFailures?: number
  /** The same, for failures in a row. */
  readonly afterConsecutiveToolFailures?: number
  /** Equal answers in a row to equal calls of a tool, after which that call is not made any more. */
  readonly noProgress?: number
}

/** A limit as it is reported, and how the crossings of one attempt stand to it. */
export interface RunLimit {
  readonly name: string
  readonly promise: string
  readonly most: number
  judge(crossings: readonly Crossing[]): Verdict
  /** How far an attempt got towards it. */
  reached(crossings: readonly Crossing[]): number
}

export function runLimits({
  turns,
  afterToolFailures,
  afterConsecutiveToolFailures,
  noProgress,
}: RunLimits): RunLimit[] {
  const limits: RunLimit[] = []
  if (turns !== undefined) {
    limits.push({
      name: `${turns} turns`,
      promise: `it takes at most ${turns} turns`,
      most: turns,
      reached: (crossings) => turnsIn(crossings).length,
      judge: (crossings) => judgeTurns(crossings, turns),
    })
  }
  if (afterToolFailures !== undefined) limits.push(failureLimit(afterToolFailures, false))
  if (afterConsecutiveToolFailures !== undefined) limits.push(failureLimit(afterConsecutiveToolFailures, true))
  if (noProgress !== undefined) {
    limits.push({
      name: `${noProgress} equal answers`,
      promise: `it makes no call again that gave the same answer ${noProgress} times in a row`,
      most: noProgress,
      reached: longestRow,
      judge: (crossings) => judgeProgress(crossings, noProgress),
    })
  }
  return limits
}

function failureLimit(limit: number, inARow: boolean): RunLimit {
  const failures = `${limit} failed tool calls${inARow ? ' in a row' : ''}`
  return {
    name: failures,
    promise: `it calls no tool after ${failures}`,
    most: limit,
    reached: (crossings) => failuresIn(crossings, inARow),
    judge: (crossings) => judgeFailures(crossings, limit, inARow),
  }
}

/** The first request of every turn. */
export function turnsIn(crossings: readonly Crossing[]): Crossing[] {
  const turns = new Map<string, Crossing>()
  for (const crossing of crossings) {
    const { site, occurrence } = crossing.call
    const turn = `${siteName(site)} ${occurrence}`
    if (asksModel(site) && !turns.has(turn) && !isAskedAgain(crossing, crossings)) turns.set(turn, crossing)
  }
  return [...turns.values()]
}

function judgeTurns(crossings: readonly Crossing[], limit: number): Verdict {
  const turns = turnsIn(crossings)
  const over = turns[limit]
  if (over) {
    return violated('turns', `The agent took turn ${limit + 1}; ${limit} are allowed.`, [over.callIndex])
  }
  return turns.length === limit ? held : vacuous('the limit on turns was not reached')
}

function judgeFailures(crossings: readonly Crossing[], limit: number, inARow: boolean): Verdict {
  const calls = crossings.filter(({ call }) => runsTool(call.site))
  const tripping = trippingFailure(calls, limit, inARow, crossings)
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
function trippingFailure(
  calls: readonly Crossing[],
  limit: number,
  inARow: boolean,
  all: readonly Crossing[],
): Crossing | undefined {
  let failures = 0
  for (const crossing of inOrderOfCompletion(calls)) {
    const failed = failureOf(crossing) !== undefined
    // One that was given up broke the row, or lengthened it, before others that ended earlier.
    if (failed && inARow && mayBeGivenUp(crossing) && hasGoneOnBeside(crossing, all)) continue
    if (failed) {
      if (++failures >= limit) return crossing
    } else if (inARow) failures = 0
  }
  return undefined
}

/** How many tool calls failed, or how many in the longest row. */
function failuresIn(crossings: readonly Crossing[], inARow: boolean): number {
  const calls = crossings.filter(({ call }) => runsTool(call.site))
  let most = 0
  while (trippingFailure(calls, most + 1, inARow, crossings)) most++
  return most
}

/** How often the same answer came in a row to equal calls. */
function longestRow(crossings: readonly Crossing[]): number {
  const calls = crossings.filter(({ call }) => runsTool(call.site))
  const groups = [...groupBy(calls, ({ call }) => `${siteName(call.site)} ${call.identity}`).values()]
  let most = 0
  while (groups.some((equal) => equalAnswers(equal, crossings, most + 1, () => false).length > 0)) most++
  return most
}

/** Whether anything came about between the events at two indices that makes the next call another one. */
type News = (after: number, before: number) => boolean

/** Judges whether a call is made once more that gave `limit` equal answers in a row, without news in between. */
export function judgeProgress(crossings: readonly Crossing[], limit: number, news: News = () => false): Verdict {
  const calls = crossings.filter(({ call }) => runsTool(call.site))
  let reached = false
  for (const equal of groupBy(calls, ({ call }) => `${siteName(call.site)} ${call.identity}`).values()) {
    for (const { resultIndex } of equalAnswers(equal, crossings, limit, news)) {
      reached = true
      const later = equal.find(({ callIndex }) => callIndex > resultIndex && !news(resultIndex, callIndex))
      if (!later) continue
      const site = siteName(later.call.site)
      return violated('no-progress', `The agent called ${site} again after ${limit} equal answers to an equal call.`, [
        resultIndex,
        later.callIndex,
      ])
    }
  }
  return reached ? held : vacuous('no call gave the same answer so often')
}

/**
 * The calls whose answer is at least the `limit`-th of its like in a row. What took long may never have been seen, and
 * what was false may have been taken for a failure.
 */
function equalAnswers(equal: readonly Crossing[], all: readonly Crossing[], limit: number, news: News): Crossing[] {
  const ended = inOrderOfCompletion(equal).filter((crossing) => isHeard(crossing, all))
  let times = 0
  return ended.filter((crossing, index) => {
    const before = ended[index - 1]
    const answer = outputOf(crossing)
    const goesOn = before && answer === outputOf(before) && !news(before.resultIndex, crossing.resultIndex)
    times = goesOn ? times + 1 : 1
    return answer !== undefined && times >= limit
  })
}

/** As text, so that it can be compared. */
function outputOf(crossing: Crossing): string | undefined {
  const { result } = crossing
  return result?.outcome.kind === 'ok' && !isFalse(crossing) ? outputText(result.outcome) : undefined
}
