/**
 * The contract of a comparison: how a later run of the same scenarios differs from an earlier one, as versioned data.
 * `base` is the earlier one and `head` the later one throughout. What differs from machine to machine stands under
 * `environment`, as in a report.
 */
import type { InvariantRow, Report, ScenarioReport, SpendUnit, ViolationReport } from './report.js'

/** How two runs differ, as `agent-chaos compare` tells it. */
export interface Comparison {
  readonly format: 'agent-chaos/comparison'
  readonly version: 1
  /**
   * `regression`: something is violated that was not, or reliability is significantly worse. `incomplete`: nothing like
   * it is known, and something of what base holds could not be run in head.
   */
  readonly verdict: 'regression' | 'no-regression' | 'incomplete'
  readonly exitCode: 0 | 1 | 2
  /** Each reason for the verdict in a sentence; none where there is no regression. */
  readonly because: readonly string[]
  readonly base: ComparedRun
  readonly head: ComparedRun
  /** In what the runs differ beside the agents: what should be known before the figures are believed. */
  readonly notes: readonly string[]
  readonly scenarios: readonly ScenarioComparison[]
}

export interface ComparedRun {
  readonly seed: number
  readonly verdict: Report['verdict']
  readonly environment: { readonly file: string; readonly version: string; readonly node: string }
}

export interface ScenarioComparison {
  readonly name: string
  readonly kind: 'both' | 'added' | 'removed'
  readonly canary: string | null
  /** `null` on the side that does not have it. */
  readonly verdict: { readonly base: ScenarioReport['verdict'] | null; readonly head: ScenarioReport['verdict'] | null }
  /** Of a canary all are left out: they are what it is there for. */
  readonly violations: {
    readonly new: readonly ComparedViolation[]
    /** Reported by base alone, where head has the scenario. */
    readonly fixed: readonly ComparedViolation[]
    readonly persisting: readonly ComparedViolation[]
  }
  /** `null` where neither side was measured. */
  readonly reliability: ReliabilityComparison | null
  /** What trials cost, in each unit that is known on both sides; of scenarios that were measured on both. */
  readonly spend: readonly SpendComparison[]
  /** Each reason to call it a regression. */
  readonly regressions: readonly Regression[]
  readonly notes: readonly string[]
}

export interface Regression {
  readonly kind: 'violated' | 'less-reliable' | 'broken' | 'canary-missed'
  readonly because: string
}

/** A violation as head tells it, or as base did where it is fixed. Equal invariants and signatures are one bug. */
export interface ComparedViolation {
  readonly invariant: InvariantRow['name']
  readonly signature: string
  readonly story: string
  readonly status: ViolationReport['status']
  readonly plan: string
  readonly environment: { readonly command: string }
}

interface Range {
  readonly low: number
  readonly high: number
}

export interface Estimate {
  readonly trials: number
  readonly successes: number
  readonly estimate: number | null
  /** Two-sided, at 95 %; of a sequential gate the confidence sequence. */
  readonly interval: Range
}

interface Sides {
  readonly target: number
  readonly base: Estimate | null
  readonly head: Estimate | null
}

/** The share of successes in head less that in base. */
interface Tested {
  readonly difference: number
  readonly verdict: 'worse' | 'better' | 'no-difference'
  /** Two-sided. */
  readonly pValue: number
  /** The significance level: 0.05, less where several scenarios are compared (Holm's procedure). */
  readonly level: number
}

export type ReliabilityComparison =
  /** Trial by trial: the difference is that within pairs of one seed, by McNemar's exact test. */
  | (Sides &
      Tested & {
        readonly kind: 'paired'
        readonly pairs: number
        readonly onlyBase: number
        readonly onlyHead: number
      })
  /** Two samples without common seeds: Newcombe's interval on the difference, at 95 %. */
  | (Sides & Tested & { readonly kind: 'independent'; readonly interval: Range })
  /** Of a sample at least a sequential gate settled the size: an interval that holds at any stop, and is wide. */
  | (Sides & Tested & { readonly kind: 'sequential'; readonly interval: Range })
  | (Sides & { readonly kind: 'not-compared'; readonly because: string })

export interface SpendComparison {
  readonly unit: SpendUnit | 'modelCalls'
  readonly median: { readonly base: number; readonly head: number }
  /** Head less base within pairs of one seed, on average, with a 95 % interval; `null` without pairs. */
  readonly paired: { readonly pairs: number; readonly mean: number; readonly low: number; readonly high: number } | null
}
