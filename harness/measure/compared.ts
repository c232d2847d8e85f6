/**
 * Two samples of one scenario, an earlier and a later one, compared: how often the agent succeeds, and what
 * it spends. Trials of one seed meet the same faults as far as the agents go the same way, so they are compared in pairs.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Budget } from '../contracts/budget.js'
import { atRate } from '../contracts/profile.js'
import type { Estimate, ReliabilityComparison, SpendComparison } from '../contracts/report/comparison.js'
import type { MeasureReport } from '../contracts/report/report.js'
import { rowsOf, type SampleRow } from '../contracts/report/sample.js'
import { differenceAtAnyStop, differenceInterval, differencePValue, pValueAtAnyStop } from './difference.js'
import { isSuccess } from './outcome.js'
import { meanDifference, pairsOf } from './pairs.js'
import { costIn } from './spend.js'
import { confidence } from './statistics.js'

type Pair = readonly [base: SampleRow, head: SampleRow]

/** Samples share seeds from the first trial on, or not at all; fewer than this is neither. */
const sharedLeast = 0.5

/** The trials of both that have a seed in common; none where the samples were drawn apart. */
function commonTrials(base: MeasureReport, head: MeasureReport): Pair[] {
  const [before, after] = [base, head].map(({ sample }) => (sample ? rowsOf(sample) : []))
  const bySeed = new Map((before ?? []).map((row) => [row.seed, row]))
  const pairs = (after ?? []).flatMap((row): Pair[] => {
    const other = bySeed.get(row.seed)
    return other ? [[other, row]] : []
  })
  return pairs.length >= sharedLeast * Math.min(base.trials, head.trials) ? pairs : []
}

/** By itself, that is, at the full level of significance; `null` where neither side was measured. */
export function compareReliability(
  base: MeasureReport | null,
  head: MeasureReport | null,
): ReliabilityComparison | null {
  const { reliability } = head ?? base ?? {}
  if (reliability === undefined) return null
  const sides = { target: reliability.target, base: estimateOf(base), head: estimateOf(head) }
  const because = whyNot(base, head)
  if (because !== undefined || base === null || head === null) {
    return { kind: 'not-compared', ...sides, because: because ?? '' }
  }
  // What a sample says that its own results ended cannot be read as if its size had been settled before.
  if ([base, head].some(isSequential)) return { ...sides, ...compareAtAnyStop(base, head) }
  const pairs = commonTrials(base, head)
  return pairs.length > 0
    ? { ...sides, ...comparePairs(pairs, base.budget) }
    : { ...sides, ...compareIndependent(base, head) }
}

function estimateOf(measure: MeasureReport | null): Estimate | null {
  if (measure === null) return null
  const { trials, successes, reliability } = measure
  return { trials, successes, estimate: reliability.estimate, interval: reliability.interval }
}

function isSequential({ gate }: MeasureReport): boolean {
  return gate.kind === 'sequential'
}

function whyNot(base: MeasureReport | null, head: MeasureReport | null): string | undefined {
  if (base === null) return 'it was measured in HEAD alone'
  if (head === null) return 'it was measured in BASE alone'
  if (base.trials === 0) return 'no trial was measured in BASE'
  if (head.trials === 0) return 'no trial was measured in HEAD'
  const differing = conditionsThatDiffer(base, head)
  return differing.length > 0 ? `it was measured under other conditions: ${differing.join(', ')}` : undefined
}

/** What is asked of the agent may change; the world that it is asked in must not, nor what counts as a success. */
const asked = ['reliability', 'aim', 'gate']

function conditionsThatDiffer(base: MeasureReport, head: MeasureReport): string[] {
  const conditions = ({ budget, reliability, profile }: MeasureReport): Readonly<Record<string, unknown>> => ({
    ...budget,
    faultRate: reliability.faultRate.nominal,
    profile: atRate(profile, 1),
  })
  const [before, after] = [conditions(base), conditions(head)]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !asked.includes(name) && !isDeepStrictEqual(before[name], after[name]))
    .map((name) =>
      name === 'profile'
        ? 'another profile'
        : `${name} ${describe(before[name])} in BASE and ${describe(after[name])} in HEAD`,
    )
}

function describe(value: unknown): string {
  return JSON.stringify(value) ?? 'unset'
}

const level = Number((1 - confidence).toPrecision(12))

/** What counts as a success is the same on both sides. */
function comparePairs(common: readonly Pair[], budget: Budget = {}) {
  const wins = (side: 0 | 1) => common.map((pair) => isSuccess(pair[side], budget))
  const { pairs, lost: onlyBase, gained: onlyHead, difference, pValue } = pairsOf(wins(0), wins(1))
  const verdict = verdictOn(difference, pValue <= level)
  return { kind: 'paired', pairs, onlyBase, onlyHead, difference, verdict, pValue, level } as const
}

function compareIndependent(base: MeasureReport, head: MeasureReport) {
  const test = testDifference(base, head, differencePValue(base, head))
  return { kind: 'independent', interval: differenceInterval(base, head), ...test } as const
}

function compareAtAnyStop(base: MeasureReport, head: MeasureReport) {
  const test = testDifference(base, head, pValueAtAnyStop(base, head))
  return { kind: 'sequential', interval: differenceAtAnyStop(base, head), ...test } as const
}

function testDifference(base: MeasureReport, head: MeasureReport, pValue: number) {
  const difference = head.successes / head.trials - base.successes / base.trials
  return { difference, verdict: verdictOn(difference, pValue <= level), pValue, level }
}

/** What a difference is called, if it is one that chance does not explain. */
export function verdictOn(difference: number, significant: boolean): 'worse' | 'better' | 'no-difference' {
  if (!significant || difference === 0) return 'no-difference'
  return difference < 0 ? 'worse' : 'better'
}

const units = ['turns', 'modelCalls', 'tokens', 'usd', 'seconds'] as const

/** What trials cost on both sides, whatever came of them; a unit that is not known of all of them is left out. */
export function compareSpend(base: MeasureReport, head: MeasureReport): SpendComparison[] {
  const pairs = commonTrials(base, head).filter(([before, after]) => !before.killed && !after.killed)
  return units.flatMap((unit): SpendComparison[] => {
    const median = { base: base.spend[unit].median, head: head.spend[unit].median }
    if (median.base === null || median.head === null) return []
    const cost = (row: SampleRow) => (unit === 'modelCalls' ? row.spend.modelCalls : costIn(unit, row)) ?? 0
    const mean = meanDifference(pairs.map(([before, after]) => cost(after) - cost(before)))
    const paired = mean && { pairs: pairs.length, ...mean }
    return [{ unit, median: { base: median.base, head: median.head }, paired }]
  })
}
