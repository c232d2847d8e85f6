/**
 * Grows plans as the search does, to any depth: exhaustive, the deepest first. The search itself stops at pairs, and counts
 * that were published for deeper plans are compared with this.
 */
import type { FaultDescription } from '../../../faults/fault.js'
import type { Plan } from '../../../faults/plan/plan.js'
import type { Executor } from '../../../harness/contracts/executor.js'
import { type Explored, extensions, pointsAfter } from '../../../harness/search/depth.js'

interface ExploreOptions {
  readonly seed: number
  /** The most faults of one plan. */
  readonly depth: number
  readonly trialsMax: number
  readonly faults: readonly FaultDescription[]
}

/** Runs the trial without faults, and then every plan up to the depth. Returns how many it ran. */
export async function explore(executor: Executor, options: ExploreOptions): Promise<number> {
  const { seed, depth, trialsMax, faults } = options
  let ran = 0
  const run = async (plans: readonly Plan[]): Promise<Explored[]> => {
    const some = plans.slice(0, trialsMax - ran)
    ran += some.length
    const records = await executor.run(some.map((plan) => ({ plan, seed, detail: 'full' })))
    return some.flatMap((plan, index) => {
      const record = records[index]
      if (!record) return []
      return [{ plan, points: record.evidence ? pointsAfter(record.evidence.trace, plan.length) : [] }]
    })
  }
  const stack = await run([[]])
  for (let node = stack.pop(); node && ran < trialsMax; node = stack.pop()) {
    if (node.plan.length < depth) stack.push(...(await run(extensions(node, faults))).reverse())
  }
  return ran
}
