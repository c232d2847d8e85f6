/** Traces of real trials of several scenarios, without faults and under plans at random, for laws about judging them. */
import { type AnyScenario, runTrial, type Trial } from 'agent-chaos'
import type { Plan } from 'agent-chaos/faults'
import type { Invariant } from 'agent-chaos/invariants'
import fc from 'fast-check'

import { planArbitrary } from '../../../faults/plan/arbitrary.js'
import { reachableIn } from '../../../harness/search/ground.js'
import keyPerAttempt from '../../../scenarios/canaries/key-per-attempt.chaos.js'
import noTurnBound from '../../../scenarios/canaries/no-turn-bound.chaos.js'
import notify from '../../../scenarios/notify.chaos.js'
import refund from '../../../scenarios/refund.chaos.js'
import report from '../../../scenarios/report.chaos.js'
import research from '../../../scenarios/research.chaos.js'
import { probe } from '../../fixtures/probe/scenario.js'

/** Right and wrong ones. */
export const scenarios: readonly AnyScenario[] = [probe, refund, notify, report, research, keyPerAttempt, noTurnBound]

export interface Judged {
  readonly scenario: string
  readonly plan: Plan
  readonly trial: Trial
  /** The scenario's own, with its own options. */
  readonly invariants: readonly Invariant[]
}

/** The baseline of each of the scenarios, and `count` trials under plans at random. */
export async function trialsOf(some: readonly AnyScenario[], count: number): Promise<Judged[]> {
  const judged: Judged[] = []
  for (const scenario of some) {
    const about = { scenario: scenario.name, invariants: scenario.invariants }
    const baseline = await runTrial(scenario)
    judged.push({ ...about, plan: [], trial: baseline })
    const plans = planArbitrary(reachableIn(baseline.trace), scenario.faults)
    for (const plan of fc.sample(plans, { seed: 5, numRuns: count })) {
      judged.push({ ...about, plan, trial: await runTrial(scenario, { plan }) })
    }
  }
  return judged
}
