/** One trial again, in a fresh process, from its seed and its plan's text. */

import type { Beside } from '../contracts/beside.js'
import type { OpenExecutors } from '../contracts/executor.js'
import { readPlan } from '../contracts/read-plan.js'
import type { Trace } from '../contracts/trace.js'
import type { Judgement } from '../contracts/verdict.js'
import type { WireRecord } from '../contracts/wire.js'
import { placesFrom } from './from-here.js'
import { judgedNotes } from './judged-twice.js'
import { runPlanned } from './planned.js'
import { type InspectOptions, withExecutor } from './single.js'

export interface Replay extends Beside {
  readonly trace: Trace
  readonly digest: string
  readonly judgements: readonly Judgement[]
  readonly notes: readonly string[]
  /** Where it was asked for. */
  readonly wire?: readonly WireRecord[]
}

export interface ReplayOptions extends InspectOptions {
  readonly plan: string
  /** The trial of a canary with its mistake repaired. */
  readonly repaired?: boolean
  /** Keeps what passes over the wire. */
  readonly wire?: boolean
}

/**
 * Runs one trial in a fresh process. Rejects with a `UserError` where the plan does not parse, or names what the
 * scenario does not have. So it does where the plan aims at a site that is not there.
 */
export async function replayFile(openExecutors: OpenExecutors, file: string, options: ReplayOptions): Promise<Replay> {
  const found = await runOnce(openExecutors, file, options)
  if (!found.judgements.some(({ verdict }) => verdict.kind === 'violated')) return found
  const places = await placesOf(openExecutors, file, options, found.digest)
  return places ? { ...found, places } : found
}

/** In a process of its own, which prints nothing: what the agent prints was shown already. */
function placesOf(
  openExecutors: OpenExecutors,
  file: string,
  options: ReplayOptions,
  digest: string,
): Promise<Replay['places']> {
  const source = { file, repaired: options.repaired }
  return withExecutor(openExecutors, source, { ...options, debugging: undefined }, 'discard', async (executor) => {
    const plan = readPlan(options.plan, executor.facts.faults)
    const [record] = await executor.run([{ plan, seed: options.seed, detail: 'full', places: true }])
    const { places = [], digest: again } = record?.evidence ?? {}
    return again === digest ? placesFrom(places, options.cwd) : undefined
  })
}

function runOnce(openExecutors: OpenExecutors, file: string, options: ReplayOptions): Promise<Replay> {
  const source = { file, repaired: options.repaired }
  return withExecutor(openExecutors, source, options, 'show', async (executor) => {
    const { plan, seed, wire } = options
    const { record, evidence } = await runPlanned(executor, plan, { seed, detail: wire ? 'wire' : 'full' })
    const judged = executor.judgedTwice?.()
    const notes = [...record.strays.map(({ note }) => note), ...(judged ? judgedNotes(judged) : [])]
    return { ...evidence, judgements: record.judgements, notes }
  })
}
