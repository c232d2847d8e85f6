/** Proves that what the system tells of a process is what it did. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { processorTime, residentMb } from '../../../../harness/executors/workers/figures.js'

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

it('tells how much memory a process holds, and none where the system does not tell', () => {
  const held = process.memoryUsage.rss() / 1e6
  expect(residentMb(process.pid)).toBeGreaterThan(held / 2)
  // By `ps`, as systems have it that are neither.
  if (process.platform !== 'win32') expect(residentMb(process.pid, 'darwin')).toBeGreaterThanOrEqual(0)
  expect([residentMb(process.pid, 'win32'), residentMb(undefined)]).toEqual([0, 0])
})
