/**
 * Which of the trials that show a bug tells of it best. One mistake of an agent shows under many faults. A reader learns most
 * where the agent's own part is plain: an answer was lost, and the agent tried again. Where the network delivered a request
 * twice, or the model asked for nonsense, he may take that for the cause.
 */
import type { FaultDescription } from '../../faults/fault.js'
import type { ScenarioFacts, TrialRecord } from '../contracts/executor.js'
import type { ViolationReport } from '../contracts/report/report.js'

type InvariantFacts = ScenarioFacts['invariants'][number]

/** How a bug ranks among others. */
export interface Rank {
  readonly gravity: ViolationReport['gravity']
  readonly tells: ViolationReport['shown']['tells']
}

export function rankOf({
  kind,
  harm,
  outcome,
  restatesGoal,
}: Pick<InvariantFacts, 'kind' | 'harm' | 'outcome' | 'restatesGoal'>): Rank {
  return { gravity: harm ? 'harm' : kind, tells: restatesGoal ? 'goal' : outcome ? 'outcome' : 'mistake' }
}

const gravities: readonly Rank['gravity'][] = ['harm', 'safety', 'liveness']

/** Below 0: the first is graver. */
export function compareGravity(left: Pick<Rank, 'gravity'>, right: Pick<Rank, 'gravity'>): number {
  return gravities.indexOf(left.gravity) - gravities.indexOf(right.gravity)
}

/**
 * Whether the second may be what came of the first, where one trial shows both. An outcome comes of a mistake, a missed goal
 * of either, and none of them of what is less grave. A mistake comes of nothing.
 */
export function mayCause(first: Rank, second: Rank): boolean {
  return links.indexOf(first.tells) < links.indexOf(second.tells) && compareGravity(first, second) <= 0
}

/** What comes of what. */
const links: readonly Rank['tells'][] = ['mistake', 'outcome', 'goal']

/** The boundaries and classes of the faults that took effect, in the order of the alphabet. */
export function kindOf({ struck }: Pick<TrialRecord, 'struck'>, faults: readonly FaultDescription[]): string {
  const kinds = struck.map(({ site, fault }) => {
    const boundary = site.slice(0, site.indexOf(':'))
    return `${boundary} ${faults.find(({ name }) => name === fault)?.class ?? 'unknown'}`
  })
  return [...new Set(kinds)].sort().join(', ')
}

/** What of all that a trial broke is looked at: 0 is the plainest. */
export function plainnessOf(record: TrialRecord, invariant: string, facts: ScenarioFacts): number {
  const landed = record.injections.filter(({ status }) => status === 'landed')
  const obscure = Math.max(0, ...record.struck.map(({ fault }) => obscurityOf(fault, facts.faults)))
  const several = landed.reduce((sum, { faults }) => sum + faults, 0) > 1
  return (hasCause(record, invariant, facts) ? withCause : 0) + (several ? 10 : 0) + obscure
}

/** More than all else adds up to: a trial with a cause in it is told where there is no other. */
const withCause = 100

/** Whether no trial showed the bug without something that it may have come of. */
export function isBesideCauseAlone({ plainness }: Pick<ViolationReport['shown'], 'plainness'>): boolean {
  return plainness >= withCause
}

/** Whether the trial broke something else that this may have come of. */
function hasCause({ judgements }: TrialRecord, invariant: string, { invariants }: ScenarioFacts): boolean {
  const own = invariants.find(({ name }) => name === invariant)
  if (!own) return false
  return judgements.some(({ invariant: name, verdict }) => {
    const other = verdict.kind === 'violated' && name !== invariant && invariants.find((one) => one.name === name)
    return other && mayCause(rankOf(other), rankOf(own))
  })
}

/** Others can be blamed for what they do to the agent, and the more so the further it is from a plain failure. */
function obscurityOf(fault: string, faults: readonly FaultDescription[]): number {
  const { class: class_ = 'deceptive', actions = [] } = faults.find(({ name }) => name === fault) ?? {}
  if (actions.includes('repeat')) return 5
  // The network finished what the agent had given up.
  if (actions.includes('late')) return 2
  return { indeterminate: 0, transient: 1, resource: 2, definite: 3, behavioural: 4, deceptive: 6 }[class_]
}
