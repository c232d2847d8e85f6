/** Runs trials in this process, one after the other: for the library, in a test runner's own process. */

import type { Executor, TrialRecord } from '../../contracts/executor.js'
import type { Scenario } from '../../contracts/scenario.js'
import { drawing } from '../../trial/chance.js'
import { runOne } from '../../trial/trial.js'
import { factsOf, recordOf } from '../record.js'

export function inProcess(scenario: Scenario): Executor {
  return {
    facts: factsOf(scenario),
    async run(specs, { onTrial, signal } = {}) {
      const records: (TrialRecord | undefined)[] = specs.map(() => undefined)
      for (const [index, { plan, profile, seed, detail, places }] of specs.entries()) {
        if (signal?.aborted) break
        const draw = profile && drawing(profile, scenario.faults, seed)
        const kept = { console: detail !== 'brief', wire: detail === 'wire', places }
        const record = recordOf(await runOne(scenario, { plan, draw, seed, ...kept }), scenario, detail)
        records[index] = record
        onTrial?.(record, index)
      }
      return records
    },
  }
}
