/** The trial without faults, which comes first: a scenario that does not work by itself says nothing about faults. */
import { overspent } from '../contracts/budget.js'
import type { Executor, TrialRecord } from '../contracts/executor.js'

export type Baseline =
  | { readonly kind: 'sound'; readonly record: TrialRecord }
  /** It breaks an invariant all by itself. */
  | { readonly kind: 'broken'; readonly record: TrialRecord; readonly because: string }
  /** It does not succeed, without breaking anything: agent, model, world or goal do not fit together. */
  | { readonly kind: 'misconfigured'; readonly record: TrialRecord; readonly because: string }

export async function runBaseline(executor: Executor, seed: number): Promise<Baseline> {
  const [record] = await executor.run([{ plan: [], seed, detail: 'full' }])
  if (!record) throw new Error('the baseline gave no record')
  for (const { invariant, verdict } of record.judgements) {
    if (verdict.kind === 'violated') {
      return { kind: 'broken', record, because: `without any fault, ${invariant} is violated: ${verdict.story}` }
    }
  }
  const because = shortcoming(record, executor)
  return because === undefined ? { kind: 'sound', record } : { kind: 'misconfigured', record, because }
}

/** Why the baseline is no success: the goal reached, claimed, and paid for within the budget. */
function shortcoming({ end, goal, claim, spend, evidence }: TrialRecord, { facts }: Executor): string | undefined {
  const limits = facts.budget.spend
  if (end.kind === 'stuck') return `without any fault, real work stayed in flight for ever: ${end.resources.join(', ')}`
  if (end.kind === 'exited') return `without any fault, the agent called process.exit(${end.code})`
  if (goal === null) return 'without any fault, goal() threw'
  if (!goal) return `without any fault, the goal is not reached${failure(evidence?.trace.events ?? [])}`
  if (claim !== 'success' && claim !== 'degraded') return `without any fault, the agent claims ${claim ?? 'nothing'}`
  if (limits?.usd !== undefined && spend.usd === null)
    return 'budget.spend.usd is set, and the price of the model is not known'
  const over = overspent(spend, limits)
  return over && `without any fault, the agent spends more than its budget: ${over}`
}

function failure(events: NonNullable<TrialRecord['evidence']>['trace']['events']): string {
  const claim = events.find((event) => event.kind === 'claim')
  const strays = events.flatMap((event) => (event.kind === 'stray-request' ? [event.url] : []))
  const stray = strays.length > 0 ? ` (a request to ${strays[0]} was refused: no such service is declared)` : ''
  return claim?.error ? `: the agent failed with ${claim.error.name}: ${claim.error.message}${stray}` : stray
}
