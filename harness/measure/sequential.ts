/**
 * The sequential gate: the trials are judged one by one in the order of their numbers, and it ends as soon as the
 * evidence allows. It has three lines of evidence, and each may be looked at after every trial.
 *
 * - *Met* is evidence against the least, and *missed* is evidence for less than the least.
 * - Evidence against the aim decides nothing. It says what is worth asking next: an agent that is worse than the aim may
 *   still be as good as was asked.
 *
 * The evidence for *met* is a stake (Ville, 1939; Shafer and Vovk). As long as the aim may be true, all of it is on the
 * aim. From then on, what is left of it is spread over all chances above the least. However it is laid, an agent that is
 * no better than the least multiplies it by 1/beta with a chance of beta at most.
 */
import {
  characteristicOf,
  evidenceOf,
  meanTrials,
  type Steps,
  stepsOf,
  type Thresholds,
  villeThresholds,
} from './likelihood.js'
import { evidenceAbove, evidenceBelow } from './mixture.js'
import { type Question, risks, roundUp } from './question.js'

/** Where a failed trial adds less than this, the walk leaps over nothing, and there is little to gain. */
const stepWorthCalculating = 0.1
/** Walks that are longer than this on average would take seconds to calculate. */
const trialsCalculatedMax = 100_000
/** How near the lowest threshold is looked for. */
const nearEnough = 1e-4

const thresholdsKnown = new Map<string, Thresholds>()

/**
 * The thresholds on the way from the aim to the least. A failed trial weighs so much that the walk mostly leaps over the
 * upper one. ln(1/alpha), which is right for any steps, would rule the aim out half as often as is allowed. The steps are
 * known here, so it is the lowest that keeps alpha by exact calculation.
 */
export function thresholdsOf(question: Question): Thresholds {
  const key = `${question.aim} ${question.reliability}`
  const thresholds = thresholdsKnown.get(key) ?? lowestThresholds(question)
  thresholdsKnown.set(key, thresholds)
  return thresholds
}

function lowestThresholds(question: Question): Thresholds {
  const { rulesOut, meets } = villeThresholds(risks.alpha, risks.beta)
  if (!isCalculated(question)) return { rulesOut, meets }
  let [tooLow, enough] = [0, rulesOut]
  while (enough - tooLow > nearEnough) {
    const middle = (tooLow + enough) / 2
    if (characteristicOf(question, { rulesOut: middle, meets }, question.aim).rulesOut <= risks.alpha) enough = middle
    else tooLow = middle
  }
  return { rulesOut: enough, meets }
}

function isCalculated(question: Question): boolean {
  return stepsOf(question).failure >= stepWorthCalculating && roughMean(question) <= trialsCalculatedMax
}

function roughMean(question: Question): number {
  const [atAim] = meanTrials(question, risks.alpha, risks.beta)
  return atAim
}

/** How many trials it takes on average to tell an agent that is as good as the aim; no fewer than may be enough. */
export function trialsOnAverage(question: Question): number {
  const mean = isCalculated(question)
    ? characteristicOf(question, thresholdsOf(question), question.aim).trialsMean
    : roughMean(question)
  return Math.max(fewestToMeet(rulesOf(question, 1), atStart), Math.ceil(mean))
}

/** What a walk goes by. */
export interface GateRules {
  readonly question: Question
  readonly steps: Steps
  readonly thresholds: Thresholds
  /** The evidence for less than the least with which it is missed. */
  readonly misses: number
}

/** Of a gate in a run of so many: what may be missed wrongly, they share. */
export function rulesOf(question: Question, gates: number): GateRules {
  const misses = Math.log(gates / risks.alpha)
  return { question, steps: stepsOf(question), thresholds: thresholdsOf(question), misses }
}

/** How far a walk has come. */
export interface Walk {
  readonly successes: number
  readonly failures: number
  /** Against the least; it falls again where trials fail. */
  readonly met: number
  /** For less than the least: the most that it ever was. */
  readonly missed: number
  /** Where the aim was ruled out, if it was. */
  readonly ruledOut: Counts | null
}

interface Counts {
  readonly successes: number
  readonly failures: number
}

export const atStart: Walk = { successes: 0, failures: 0, met: 0, missed: 0, ruledOut: null }

/** Weighs what so many trials tell of the least alone. */
export interface LeastEvidence {
  readonly above: typeof evidenceAbove
  readonly below: typeof evidenceBelow
}

const leastEvidence: LeastEvidence = { above: evidenceAbove, below: evidenceBelow }

/** One trial further. Who takes many walks may bring along what remembers the evidence. */
export function step(rules: GateRules, walk: Walk, succeeded: boolean, evidence = leastEvidence): Walk {
  return advance(rules, walk, succeeded ? 1 : 0, succeeded ? 0 : 1, evidence)
}

function advance(
  { question, steps, thresholds }: GateRules,
  walk: Walk,
  more: number,
  worse: number,
  { above, below } = leastEvidence,
): Walk {
  const [successes, failures] = [walk.successes + more, walk.failures + worse]
  const missed = Math.max(walk.missed, below(question.reliability, successes, failures))
  if (walk.ruledOut === null) {
    const evidence = evidenceOf(steps, successes, failures)
    const ruledOut = evidence >= thresholds.rulesOut ? { successes, failures } : null
    return { successes, failures, met: -evidence, missed, ruledOut }
  }
  const { ruledOut } = walk
  const left = -evidenceOf(steps, ruledOut.successes, ruledOut.failures)
  const since = [successes - ruledOut.successes, failures - ruledOut.failures] as const
  const met = left + above(question.reliability, ...since)
  return { successes, failures, met, missed, ruledOut }
}

/** What the walk has come to: `open` where it is to go on. */
export function endOf({ thresholds, misses }: GateRules, { met, missed }: Walk): 'met' | 'missed' | 'open' {
  if (missed >= misses) return 'missed'
  return met >= -thresholds.meets ? 'met' : 'open'
}

/** The fewest further trials after which the least may be met: as many as it takes if all of them succeed. */
export function fewestToMeet(rules: GateRules, walk: Walk): number {
  return (
    fewest((further) => advance(rules, walk, further, 0).met >= -rules.thresholds.meets) ?? Number.POSITIVE_INFINITY
  )
}

/** More trials than this are reported as none that would tell. */
const trialsMost = 1e9

/**
 * About how many trials, these included, tell whether the agent is as good as was asked, if it goes on as it did. None
 * where it did just as well as was asked: then no number does.
 */
export function trialsThatTell(rules: GateRules, walk: Walk): number | null {
  const trials = walk.successes + walk.failures
  if (trials === 0) return null
  const share = walk.successes / trials
  // An agent that is worse than the aim rules it out sooner or later; as if that were now.
  const worse = { ...walk, ruledOut: walk.ruledOut ?? { successes: walk.successes, failures: walk.failures } }
  const tells = (further: number) =>
    [walk, worse].some((each) => endOf(rules, advance(rules, each, share * further, (1 - share) * further)) !== 'open')
  const further = fewest(tells)
  return further === undefined ? null : roundUp(trials + further)
}

/** The least number for which it is so, where it stays so from there on. */
function fewest(isSo: (further: number) => boolean): number | undefined {
  if (isSo(0)) return 0
  let [tooFew, enough] = [0, 1]
  while (!isSo(enough)) {
    tooFew = enough
    enough *= 2
    if (enough > trialsMost) return undefined
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    if (isSo(middle)) enough = middle
    else tooFew = middle
  }
  return enough
}
