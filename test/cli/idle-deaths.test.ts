/** A worker of the build that somebody kills while it has nothing to do, or before it could do anything, costs nothing. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Executors, OpenExecutors, TrialSpec } from '../../harness/contracts/executor.js'
import { sourceOf } from '../../harness/define/source.js'
import { root } from '../support/cli/command.js'

const built = '../../dist/harness/executors/workers/executors.js'
const source = sourceOf(root, join(root, 'test/fixtures/deaths/pays.chaos.ts'))
const spec: TrialSpec = { plan: [], seed: 1, detail: 'brief' }

let executors: Executors
beforeEach(async () => {
  const { openWorkers } = (await import(built)) as { readonly openWorkers: OpenExecutors }
  executors = openWorkers({ root, trialTimeout: 10, memoryMax: 512, output: 'discard', onSecrets: () => {} })
})
afterEach(() => executors.close())

const textOf = (pid: number, file: string) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

function workers(): number[] {
  const children = textOf(process.pid, `task/${process.pid}/children`).split(' ').filter(Boolean).map(Number)
  return children.filter((pid) => textOf(pid, 'cmdline').includes('worker.js'))
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** Resolves once their parent knows it, and so does whoever listens to it. */
async function kill(pids: readonly number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  while (pids.some((pid) => existsSync(`/proc/${pid}`))) await nextTurn()
  for (let turn = 0; turn < 50; turn++) await nextTurn()
}

describe.runIf(process.platform === 'linux')('a worker that is killed', () => {
  it('when it has loaded a file, or has run a trial, is replaced', async () => {
    const executor = await executors.open(source, () => 1)
    for (let time = 0; time < 2; time++) {
      const all = workers()
      expect(all.length).toBeGreaterThan(0)
      await kill(all)
      const [record] = await executor.run([spec])
      expect(record?.end.kind).toBe('returned')
    }
    executor.close()
  })

  it('while it loads a file is replaced, three times, and then it is told of', async () => {
    const opened = executors.open(source, () => 1)
    for (let time = 0; time < 3; time++) await kill(workers())
    expect((await opened).facts.name).toBe('pays')
    let message: string | undefined
    void executors
      .open(source, () => 1)
      .catch((error: Error) => {
        message = error.message
      })
    while (message === undefined) {
      await kill(workers())
      await nextTurn()
    }
    expect(message).toContain('its process ended while it was loaded (SIGKILL)')
  })
})
