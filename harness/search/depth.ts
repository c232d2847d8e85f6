/**
 * Plans of several faults, each fault where the trial under those before it came to. So retries, fallbacks and restarts are
 * struck as they come to light, and nothing is planned that cannot happen. Exhaustive, the deepest first.
 */
import type { FaultDescription } from '../../faults/fault.js'
import type { Reachable } from '../../faults/plan/arbitrary.js'
import type { Plan } from '../../faults/plan/plan.js'
import type { Executor, TrialRecord } from '../contracts/executor.js'
import type { Trace } from '../contracts/trace.js'
import { aimAtAttempt, fitting } from './singles.js'

export interface ExploreOptions {
  readonly seed: number
  /** The most faults of one plan. */
  readonly depth: number
  readonly trialsMax: number
  readonly faults: readonly FaultDescription[]
  readonly signal?: AbortSignal | undefined
}

/** Runs the trial without faults, and then every plan up to the depth, and tells of each. Returns how many it ran. */
export async function explore(
  executor: Executor,
  options: ExploreOptions,
  onTrial: (plan: Plan, record: TrialRecord) => void = () => {},
): Promise<number> {
  const { seed, depth, trialsMax, faults, signal } = options
  let ran = 0
  const run = async (plans: readonly Plan[]): Promise<Explored[]> => {
    const some = plans.slice(0, trialsMax - ran)
    ran += some.length
    const records = await executor.run(
      some.map((plan) => ({ plan, seed, detail: 'full' })),
      { signal },
    )
    return some.flatMap((plan, index) => {
      const record = records[index]
      if (!record) return []
      onTrial(plan, record)
      return [{ plan, points: record.evidence ? pointsAfter(record.evidence.trace, plan.length) : [] }]
    })
  }
  const stack = await run([[]])
  for (let node = stack.pop(); node && ran < trialsMax && !signal?.aborted; node = stack.pop()) {
    if (node.plan.length < depth) stack.push(...(await run(extensions(node, faults))).reverse())
  }
  return ran
}

/** A plan that was run, and what can be struck besides. */
export interface Explored {
  readonly plan: Plan
  readonly points: readonly Reachable[]
}

/** What the trial came to once all of its plan had struck, each attempt for itself; nothing where not all of it did. */
export function pointsAfter({ events, injections }: Trace, planned: number): Reachable[] {
  if (injections.filter(({ status }) => status === 'landed').length < planned) return []
  const last = events.findLast((event) => event.kind === 'fault')
  const from = last ? events.findIndex((event) => event.kind === 'call' && event.crossing === last.crossing) : -1
  return events.slice(from + 1).flatMap((event) => {
    if (event.kind !== 'call') return []
    const { site, occurrence, attempt, traits } = event
    return [{ address: { site, occurrence, attempt }, traits }]
  })
}

/** The plan with one fault more: every fault that fits, wherever it can strike. */
export function extensions({ plan, points }: Explored, faults: readonly FaultDescription[]): Plan[] {
  return points.flatMap((point) => fitting(point, faults).map((fault) => [...plan, aimAtAttempt(point, fault)]))
}
