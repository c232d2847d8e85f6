/** Records of measured trials, made by hand, and an executor that hands them out. */
import type { Injection } from 'agent-chaos/faults'
import type { ScenarioFacts, TrialRecord } from '../../../harness/contracts/executor.js'
import type { MeasureReport } from '../../../harness/contracts/report/report.js'
import type { SampleRow } from '../../../harness/contracts/report/sample.js'
import type { Spend } from '../../../harness/contracts/trace.js'
import { rowOf } from '../../../harness/measure/outcome.js'
import { factsWith, type Outcome, point, recordOf } from '../search/synthetic.js'

export const measuredFacts = (reliability = 0.95): ScenarioFacts =>
  factsWith({ budget: { reliability, spend: { usd: 0.25, turns: 10 } } })

export function spending(given: Partial<Spend> = {}): Spend {
  const spend = { turns: 2, modelCalls: 3, toolCalls: 1, inputTokens: 900, outputTokens: 100 }
  return { ...spend, usd: 0.01, seconds: 1.5, ...given }
}

/** The drawn plan of a trial in which one of its two crossings was struck. */
export const struck: readonly Injection[] = [point('a')]

export function trialOf(outcome: Outcome & { readonly plan?: never } = {}, faults = struck): TrialRecord {
  const spec = { plan: faults, seed: 1, detail: 'brief' } as const
  return recordOf(measuredFacts(), spec, { spend: spending(), crossings: 2, ...outcome })
}

/** The row that is kept of such a trial. */
export function rowWith(outcome: Parameters<typeof trialOf>[0] = {}, number = 1): SampleRow {
  return rowOf(number, trialOf(outcome), measuredFacts().budget)
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

export const noOutcomes: MeasureReport['outcomes'] = {
  success: 0,
  overBudget: 0,
  degraded: 0,
  honestFailure: 0,
  unacknowledgedSuccess: 0,
  inventedSuccess: 0,
  noAnswer: 0,
  goalUnknown: 0,
  cutShort: 0,
}
