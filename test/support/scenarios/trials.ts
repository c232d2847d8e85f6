/** Runs a scenario under one plan and lets nothing that it violated pass unseen. */
import { runTrial, type Trial } from 'agent-chaos'
import { expect } from 'vitest'

type AnyScenario = Parameters<typeof runTrial>[0]

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
