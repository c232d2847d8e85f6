/** What makes a trial unlike the others. */
import type { TrialRecord } from '../contracts/executor.js'

/** How a trial went, as far as it counts as something new: what struck where, how it ended, and what each invariant said. */
export function behaviourOf({ end, claim, goal, crossings, spend, struck, judgements }: TrialRecord): string {
  const hits = struck.map(({ site, fault }) => `${site} ${fault}`).sort()
  const verdicts = judgements.map(({ verdict }) => verdict.kind)
  return JSON.stringify([end.kind, claim, goal, crossings, spend.turns, hits, verdicts])
}
