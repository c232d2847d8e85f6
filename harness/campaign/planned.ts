/** One trial of a plan that somebody wrote: what it names must be there. */
import type { Executor, TrialRecord, TrialSpec } from '../contracts/executor.js'
import { sitesIn } from '../contracts/offered-sites.js'
import { readPlan, refuseMissingSites } from '../contracts/read-plan.js'
import { runBaseline } from '../search/baseline.js'

export interface Planned {
  readonly record: TrialRecord
  readonly evidence: NonNullable<TrialRecord['evidence']>
}

/** Rejects with a `UserError` where the plan does not parse, or names or aims at what the scenario does not have. */
export async function runPlanned(executor: Executor, text: string, asked: Omit<TrialSpec, 'plan'>): Promise<Planned> {
  const { faults } = executor.facts
  const [record] = await executor.run([{ plan: readPlan(text, faults), ...asked }])
  if (!record?.evidence) throw new Error('the trial gave no trace')
  const sitesMet = ({ evidence, offered }: TrialRecord) => sitesIn(evidence?.trace, offered)
  const baseline = async () => sitesMet((await runBaseline(executor, asked.seed)).record)
  // Where the watchdog ended the trial nobody knows what it met.
  if (record.end.kind !== 'killed')
    await refuseMissingSites(text, faults, sitesMet(record), record.unasked ?? [], baseline)
  return { record, evidence: record.evidence }
}
