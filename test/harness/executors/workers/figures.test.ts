/** Proves that what the system tells of a process is what it did. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { processorTime } from '../../../../harness/executors/workers/figures.js'

it.runIf(process.platform === 'linux')(
  'tells how long a process ran, and none where there is no such process',
  async () => {
    const before = processorTime(process.pid)?.ranMs ?? 0
    const begun = process.cpuUsage()
    while (process.cpuUsage(begun).user < 50_000);
    expect((processorTime(process.pid)?.ranMs ?? 0) - before).toBeGreaterThan(20)
    const gone = spawn('true')
    await once(gone, 'close')
    expect(processorTime(gone.pid)).toBeUndefined()
    expect(processorTime(undefined)).toBeUndefined()
  },
)
