/** The trial without faults, which comes first: a scenario that does not work by itself says nothing about faults. */
import { overspent } from '../contracts/budget.js'
import { type Executor, isAddress, type TrialRecord } from '../contracts/executor.js'
import { quote } from '../contracts/recorded-text.js'
import type { BaselineFailure } from '../contracts/report/report.js'
import { handlerThrew } from '../contracts/service.js'
import { type ErrorFacts, siteName } from '../contracts/trace.js'

export type Baseline =
  | { readonly kind: 'sound'; readonly record: TrialRecord }
  /** It breaks an invariant all by itself. */
  | { readonly kind: 'broken'; readonly record: TrialRecord; readonly because: string }
  /** It does not succeed, without breaking anything: agent, model, world or goal do not fit together. */
  | { readonly kind: 'misconfigured'; readonly record: TrialRecord; readonly because: string }
  /** The limit of real time came first, and nobody can say what it would have come to. */
  | { readonly kind: 'inconclusive'; readonly record: TrialRecord; readonly because: string }

export async function runBaseline(executor: Executor, seed: number): Promise<Baseline> {
  const [record] = await executor.run([{ plan: [], seed, detail: 'full' }])
  if (!record) throw new Error('the baseline gave no record')
  for (const { invariant, verdict } of record.judgements) {
    if (verdict.kind === 'violated' && !saysNoMoreThanGoal(invariant, record, executor)) {
      const because = `without any fault, ${invariant} is violated: ${verdict.story}${thrownBesides(record)}`
      return { kind: 'broken', record, because }
    }
  }
  const ended = record.judgements.find(({ verdict }) => record.end.kind === 'killed' && verdict.kind === 'inconclusive')
  if (ended?.verdict.kind === 'inconclusive') {
    return { kind: 'inconclusive', record, because: `without any fault, ${ended.verdict.because}` }
  }
  const because = shortcoming(record, executor)
  if (because === undefined) return { kind: 'sound', record }
  return { kind: 'misconfigured', record, because: because + thrownBesides(record) }
}

/**
 * A goal that is missed without any fault says that agent, model, world and goal do not fit together, whatever the
 * agent claims. That it claims success then says no more.
 */
function saysNoMoreThanGoal(invariant: string, { goal }: TrialRecord, { facts }: Executor): boolean {
  return goal === false && facts.invariants.some(({ name, restatesGoal }) => name === invariant && restatesGoal)
}

/** Why the baseline is no success: the goal reached, claimed, and paid for within the budget. */
function shortcoming(record: TrialRecord, { facts }: Executor): string | undefined {
  const { end, goal, claim, spend } = record
  const limits = facts.budget.spend
  if (end.kind === 'stuck') return `without any fault, real work stayed in flight for ever: ${end.resources.join(', ')}`
  if (end.kind === 'exited') return `without any fault, the agent called process.exit(${end.code})`
  if (goal === null) return `without any fault, goal() threw${describeError(record.failure?.error)}`
  if (!goal) return `without any fault, the goal is not reached${failure(record)}`
  if (claim === 'rolled-back' && facts.budget.rolledBackCountsAs !== 'success') {
    return 'without any fault, the agent claims rolled-back; where the task wants that, say budget.rolledBackCountsAs: "success"'
  }
  if (claim === null || claim === 'failure') return `without any fault, the agent claims ${claim ?? 'nothing'}`
  if (limits?.usd !== undefined && spend.usd === null)
    return 'budget.spend.usd is set, and the price of the model is not known'
  const over = overspent(spend, limits)
  return over && `without any fault, the agent spends more than its budget: ${over}`
}

function failure({ evidence, strays }: TrialRecord): string {
  const claim = evidence?.trace.events.find((event) => event.kind === 'claim')
  const first = strays.find(isAddress)
  const stray = first === undefined ? '' : ` (${first.note})`
  return claim?.error ? `: the agent failed with ${errorText(claim.error)}${stray}` : stray
}

/** A mistake in the world's own code is seen by the agent alone, as a status. */
function thrownBesides({ evidence }: TrialRecord): string {
  const sites = new Map<number, string>()
  for (const event of evidence?.trace.events ?? []) {
    if (event.kind === 'call') sites.set(event.crossing, siteName(event.site))
    const message = event.kind === 'return' && event.outcome.kind === 'failed' ? event.outcome.error.message : ''
    if (event.kind === 'return' && message.includes(handlerThrew)) {
      return ` (${sites.get(event.crossing)} ${quote(message)})`
    }
  }
  return ''
}

function describeError(error: ErrorFacts | undefined): string {
  return error ? `: ${errorText(error)}` : ''
}

function errorText({ name, message }: ErrorFacts): string {
  return `${name}: ${quote(message)}`
}

/** What the report tells of a baseline that failed, beside the verdict: the error and its place, or the final state. */
export function baselineFailure({ failure = {}, evidence }: TrialRecord): BaselineFailure {
  const { error, where, state } = failure
  const environment = { ...(where !== undefined && { where }), ...(evidence?.console && { console: evidence.console }) }
  if (error) return { error: errorText(error), environment }
  const claim = evidence?.trace.events.find((event) => event.kind === 'claim')
  const answer = claim?.kind === 'claim' ? { answer: claim.result } : {}
  return { ...answer, ...(state !== undefined && { state }), environment }
}
