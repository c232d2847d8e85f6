/** What is in the way of a scenario: of its loading, of its trial without faults, of that trial meaning anything. */
import type { OpenExecutors } from '../contracts/executor.js'
import { modelNeverCalled } from '../contracts/landing.js'
import { baselineFailure, runBaseline } from '../search/baseline.js'
import { type InspectOptions, withExecutor } from './single.js'

export interface Examination {
  readonly name: string
  /** Each in a sentence: without them repaired nothing is found. */
  readonly problems: readonly string[]
  /** What may be as it is, and is good to know. */
  readonly notes: readonly string[]
}

/** Runs the scenario once, without faults. Rejects with a `UserError` where it cannot be loaded. */
export function examine(openExecutors: OpenExecutors, file: string, options: InspectOptions): Promise<Examination> {
  return withExecutor(openExecutors, { file }, options, 'discard', async (executor) => {
    const { name, facesModel, canary } = executor.facts
    const { record, ...baseline } = await runBaseline(executor, options.seed)
    const { error, environment } = baselineFailure(record)
    const because = baseline.kind === 'sound' ? [] : [baseline.because]
    const thrown = because.length > 0 && error && environment.where ? [`it was thrown at ${environment.where}`] : []
    const bypasses = facesModel && canary === null && record.spend.modelCalls === 0 ? [modelNeverCalled] : []
    const changes = (await executor.changes?.()) ?? []
    const atWork = (await executor.atWork?.()) ?? false
    return {
      name,
      problems: [...because, ...thrown, ...bypasses],
      notes: [
        ...record.strays.map(({ note }) => note),
        ...(changes.length > 0 ? [`its trial changed its process: ${changes.join(', ')}`] : []),
        ...(atWork
          ? [
              'its modules go on by themselves: a timer or a connection that is opened as they load stays open between trials',
            ]
          : []),
      ],
    }
  })
}
