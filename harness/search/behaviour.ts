/** What makes a trial unlike the others. */
import type { TrialRecord } from '../contracts/executor.js'

/** How a trial went, as far as it counts as something new: what struck where, how it ended, and what each invariant said. */
export function behaviourOf(record: TrialRecord): string {
  const hits = record.struck.map(({ site, fault }) => `${site} ${fault}`).sort()
  return JSON.stringify([conductOf(record), hits])
}

/** The same without what struck. Nearly every plan strikes as no other, and the agent may take no notice. */
export function conductOf({ end, claim, goal, crossings, spend, judgements }: TrialRecord): string {
  const verdicts = judgements.map(({ verdict }) => verdict.kind)
  return JSON.stringify([end.kind, claim, goal, crossings, spend.turns, verdicts])
}
