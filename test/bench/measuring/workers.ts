/** Trials as a run has them: by the build, in a worker process, brief and one after the other. */
import { join } from 'node:path'
import { catalogue } from '../../../faults/catalogue.js'
import type { OpenExecutor, OpenExecutors, TrialSpec } from '../../../harness/contracts/executor.js'
import { readPlan } from '../../../harness/contracts/read-plan.js'
import type { WireRecord } from '../../../harness/contracts/wire.js'
import { sourceOf } from '../../../harness/define/source.js'
import { root } from '../../support/cli/command.js'
import { type Side, timeWork } from './cost.js'
import { childrenOf, cpuMsOf } from './processes.js'

/** Trials that are asked for at once, so that a worker need not wait for the next. */
const askedAtOnce = 5

export interface Worker {
  readonly executor: OpenExecutor
  readonly side: Side
  end(): void
}

/** One worker process with the scenario of a file, loaded. */
export async function openWorker(file: string, name = 'trial'): Promise<Worker> {
  const { openWorkers } = (await import(join(root, 'dist/harness/executors/workers/executors.js'))) as {
    readonly openWorkers: OpenExecutors
  }
  const others = new Set(childrenOf(process.pid))
  const settings = { root, trialTimeout: 10, memoryMax: 1_024, output: 'discard', onSecrets: () => {} } as const
  const executors = openWorkers(settings)
  const executor = await executors.open(sourceOf(root, file), () => 1)
  const cpu = () =>
    childrenOf(process.pid)
      .filter((pid) => !others.has(pid))
      .reduce((sum, pid) => sum + cpuMsOf(pid), 0)
  let seed = 0
  const work = () => executor.run(Array.from({ length: askedAtOnce }, () => asOthers(seed++)))
  return {
    executor,
    side: { name, run: (times) => timeWork(work, times, cpu, askedAtOnce) },
    end: () => {
      executor.close()
      executors.close()
    },
  }
}

/**
 * A trial like the others of a run, and yet without a fault: the only one is planned for a call that nobody makes. A trial
 * without a plan is the baseline, which a run has once, and which another process judges too.
 */
const asOthers = (seed: number): TrialSpec => ({ plan: neverMet, seed, detail: 'brief' })

const neverMet = readPlan('tool:*#9999 = tool/slow(delay: 100)', catalogue)

/** What passed over the wire in a trial without faults, in the order of the requests. Throws where that trial did not succeed. */
export async function recordWire({ executor }: Worker): Promise<readonly WireRecord[]> {
  const [record] = await executor.run([{ plan: [], seed: 1, detail: 'wire' }])
  if (!record?.goal || !record.evidence?.wire)
    throw new Error(`${executor.facts.name}: its trial without faults failed`)
  return record.evidence.wire
}
