/** Runs a scenario under one plan and lets nothing that it violated pass unseen. */
import { type AnyScenario, faultPlans, runTrial, type Trial } from 'agent-chaos'
import fc from 'fast-check'
import { expect } from 'vitest'

/** The trial under `plan`, none of whose invariants is violated or could not be judged. */
export async function holding(scenario: AnyScenario, plan = ''): Promise<Trial> {
  const trial = await runTrial(scenario, { plan })
  const broken = trial.judgements.filter(
    ({ verdict }) => verdict.kind === 'violated' || verdict.kind === 'inconclusive',
  )
  expect(broken).toEqual([])
  return trial
}

/** Calls that reached the site, retries included. */
export function callsOf({ trace }: Trial, boundary: string, target: string): number {
  return trace.events.filter(
    (event) => event.kind === 'call' && event.site.boundary === boundary && event.site.target === target,
  ).length
}

/** What the ledger says was applied, as `kind id`, in that order. */
export function appliedIn({ trace }: Trial): string[] {
  return trace.events.flatMap((event) =>
    event.kind === 'effect' && event.status === 'applied' ? [`${event.effect.kind} ${event.effect.id}`] : [],
  )
}

/** So many plans at random, by the same seed each time, violate nothing; and most of them come to something. */
export async function withstandPlans(scenario: AnyScenario, count: number): Promise<void> {
  const plans = fc.sample(await faultPlans(scenario), { seed: 1, numRuns: count })
  let landed = 0
  for (const [index, plan] of plans.entries()) {
    const { trace, judgements } = await runTrial(scenario, { plan, seed: index + 1 })
    const violated = judgements.filter(({ verdict }) => verdict.kind === 'violated')
    expect(violated, `seed ${index + 1}, ${trace.plan}`).toEqual([])
    if (trace.injections.some(({ status }) => status === 'landed')) landed++
  }
  expect(landed).toBeGreaterThan(count / 2)
}
