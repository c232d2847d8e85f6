/** A run of which a process stands still, and that is killed then: what its workers have done meanwhile is little, and nothing else runs again. */
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Begun,
  beginRun,
  dropJournal,
  forget,
  journalBytes,
  makeProject,
  type Project,
  reportIn,
  until,
  workersOf,
} from '../kills/project.js'

/** Of all trials of a run, the share that may run again. */
const againMost = 0.05
/** Workers have then done all that they were sent. */
const quietMs = 500
/** What the package cannot make by itself is judged again in a process of its own. */
const judgedByProcess = `invariants: [{
  name: 'own', kind: 'safety', promise: 'All is well.', antecedent: 'always', example: 'None.', check: () => ({ kind: 'held' }),
}], intents:`

let folder: string
let project: Project

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-stopped-'))
  project = await makeProject(folder)
})

afterAll(() => rm(folder, { recursive: true }))

const run = (json: string, workers: number, ...more: string[]) =>
  beginRun(project, json, ['--workers', String(workers), ...more], project.tally.next())

/** Stops one of its processes once the journal has so many bytes, waits until nothing runs any more, and kills it. */
async function cutOff(led: Begun, bytes: number, victimOf: (pid: number) => number | undefined): Promise<void> {
  await until(() => led.isOver() || (journalBytes(project) >= bytes && victimOf(led.pid) !== undefined))
  expect(led.isOver()).toBe(false)
  process.kill(victimOf(led.pid) ?? Number.NaN, 'SIGSTOP')
  let at = performance.now()
  await until(() => {
    if (project.tally.grows()) at = performance.now()
    return performance.now() - at > quietMs
  })
  process.kill(led.pid, 'SIGKILL')
  await led.ended
}

async function expectLittleAgain(workers: number, victimOf: (pid: number) => number | undefined): Promise<void> {
  const { code } = await run('whole.json', workers).ended
  const { totals } = JSON.parse(readFileSync(join(project.folder, 'whole.json'), 'utf8'))
  for (const bytes of [100_000, 200_000, 300_000]) {
    forget(project)
    dropJournal(project)
    project.tally.take()
    await cutOff(run('cut.json', workers), bytes, victimOf)
    const begun = project.tally.take()
    const resumed = await run('resumed.json', workers, '--resume').ended
    const done = Number(/cut off: (\d+) trials are done/.exec(resumed.stderr)?.[1])
    expect(begun - done).toBeLessThanOrEqual(totals.trials * againMost)
    expect(resumed.code).toBe(code)
    expect(reportIn(project, 'resumed.json')).toBe(reportIn(project, 'whole.json'))
  }
  forget(project)
}

describe('a run that is killed after it stood still', () => {
  it('has done little that runs again, with many workers', () => expectLittleAgain(8, (pid) => pid))

  it('has done little that runs again where it was its judge that stood still', async () => {
    const file = join(project.folder, 'pay.chaos.ts')
    writeFileSync(file, readFileSync(file, 'utf8').replace('intents:', judgedByProcess))
    await expectLittleAgain(1, (pid) => workersOf(pid)[1])
  })
})
