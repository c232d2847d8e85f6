/** What there is to test in a scenario: the sites that its baseline reaches, the faults that fit, its invariants. */
import { encodeSite } from '../../faults/plan/notation.js'
import { eligible } from '../../faults/plan/reachable.js'
import type { OpenExecutors } from '../contracts/executor.js'
import { runBaseline } from '../search/baseline.js'
import { reachableIn } from '../search/ground.js'
import { type InspectOptions, withExecutor } from './single.js'

export interface ScenarioListing {
  readonly name: string
  readonly task: string
  readonly canary: string | null
  readonly tags: readonly string[]
  readonly sites: readonly { readonly site: string; readonly occurrences: number; readonly faults: readonly string[] }[]
  readonly invariants: readonly {
    readonly name: string
    readonly kind: 'safety' | 'liveness'
    readonly on: 'default' | 'listed'
  }[]
  /** Why its baseline does not work, if it does not. */
  readonly broken: string | null
}

/** Loads a scenario and runs its baseline, to say what there is to test. Rejects with a `UserError`. */
export function inspect(openExecutors: OpenExecutors, file: string, options: InspectOptions): Promise<ScenarioListing> {
  return withExecutor(openExecutors, { file }, options, 'discard', async (executor) => {
    const baseline = await runBaseline(executor, options.seed)
    const { name, task, canary, tags, invariants, faults } = executor.facts
    const trace = baseline.record.evidence?.trace
    const rows = new Map<string, { site: string; occurrences: number; faults: string[] }>()
    for (const point of trace ? reachableIn(trace) : []) {
      const site = encodeSite(point.address.site)
      const fitting = faults.filter((fault) => eligible(fault, point)).map((fault) => fault.name)
      const row = rows.get(site) ?? { site, occurrences: 0, faults: [] }
      rows.set(site, { site, occurrences: row.occurrences + 1, faults: [...new Set([...row.faults, ...fitting])] })
    }
    return {
      name,
      task,
      canary,
      tags,
      sites: [...rows.values()],
      invariants: invariants.map(({ name, kind, listed }) => ({ name, kind, on: listed ? 'listed' : 'default' })),
      broken: baseline.kind === 'sound' ? null : baseline.because,
    }
  })
}
