/** One trial again, in a fresh process, from its seed and its plan's text. */
import { encodeSite } from '../../faults/plan/notation.js'
import type { Plan } from '../../faults/plan/plan.js'
import { matchesTarget, type Site } from '../../faults/site.js'
import { didYouMean, UserError } from '../contracts/errors.js'
import { strayNote, type TrialRecord } from '../contracts/executor.js'
import { readPlan } from '../contracts/read-plan.js'
import type { Trace } from '../contracts/trace.js'
import type { Judgement } from '../contracts/verdict.js'
import type { WireRecord } from '../contracts/wire.js'
import { runBaseline } from '../search/baseline.js'
import { withoutSecrets } from './redact.js'
import { type InspectOptions, withExecutor } from './single.js'

export interface Replay {
  readonly trace: Trace
  readonly digest: string
  readonly judgements: readonly Judgement[]
  readonly notes: readonly string[]
  /** Where it was asked for. */
  readonly wire?: readonly WireRecord[]
}

export interface ReplayOptions extends InspectOptions {
  readonly plan: string
  /** The trial of a canary with its mistake mended. */
  readonly repaired?: boolean
  /** Keeps what passes over the wire. */
  readonly wire?: boolean
}

/**
 * Runs one trial in a fresh process. Rejects with a `UserError` where the plan does not parse, names what the scenario
 * does not have, or aims at a site that is not there.
 */
export function replayFile(file: string, options: ReplayOptions): Promise<Replay> {
  const source = { file, repaired: options.repaired ?? false }
  return withExecutor(source, options, 'show', async (executor) => {
    const plan = readPlan(options.plan, executor.facts.faults)
    const [record] = await executor.run([{ plan, seed: options.seed, detail: options.wire ? 'wire' : 'full' }])
    if (!record?.evidence) throw new Error('the trial gave no trace')
    await refuseMissingSites(plan, record, () => runBaseline(executor, options.seed))
    return withoutSecrets({ ...record.evidence, judgements: record.judgements, notes: record.strays.map(strayNote) })
  })
}

/** A selector that matches nothing that the scenario ever crosses is a slip of the pen. */
async function refuseMissingSites(
  plan: Plan,
  record: TrialRecord,
  baseline: () => Promise<{ readonly record: TrialRecord }>,
): Promise<void> {
  if (record.injections.every(({ status }) => status !== 'planned')) return
  const sites = [...sitesIn(record), ...sitesIn((await baseline()).record)]
  const names = [...new Set(sites.map(encodeSite))]
  for (const selector of plan.flatMap((injection) => injection.sites)) {
    const fits = (site: Site) => site.boundary === selector.boundary && matchesTarget(selector.target, site.target)
    if (sites.length === 0 || sites.some(fits)) continue
    const name = encodeSite(selector)
    throw new UserError(
      `the plan aims at "${name}", which the scenario does not reach; it reaches ${names.join(', ')}.${didYouMean(name, names)}`,
    )
  }
}

function sitesIn({ evidence }: TrialRecord): Site[] {
  return (evidence?.trace.events ?? []).flatMap((event) => (event.kind === 'call' ? [event.site] : []))
}
