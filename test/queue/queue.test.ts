/** Runs over a queue, by the built command and real servers: reports equal those of one machine, whoever is killed. */
import { readFileSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stream } from '../../harness/contracts/stream.js'
import {
  type Begun,
  begin,
  beginRun as beginRunOf,
  childrenOf,
  forget,
  journalBytes,
  makeProject,
  type Project,
  reportIn,
  until,
} from '../kills/project.js'
import { agentChaos, type Ended } from '../support/cli/command.js'
import { startPostgres } from './postgres.js'
import { startRedis } from './redis.js'
import type { Server, StartServer } from './server.js'

/** The share of trials that may run again: what the victim had begun, and what a new leader has run twice on purpose. */
const againMost = 0.05
const victims = ['machine', 'worker process', 'coordinator', 'server'] as const

let folder: string
let project: Project
let server: Server
let whole: { readonly code: number | null; readonly report: string; readonly trials: number }
/** Trials that workers run where nobody is killed. */
let needed: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-queue-'))
  // PostgreSQL does not run as root.
  await chmod(folder, 0o711)
  project = await makeProject(folder)
  const { code } = await beginRunOf(project, 'whole.json', []).ended
  forget(project)
  const { totals } = JSON.parse(readFileSync(join(project.folder, 'whole.json'), 'utf8'))
  whole = { code, report: reportIn(project, 'whole.json'), trials: totals.trials }
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

const beginRun = (json: string, ...more: string[]) => beginRunOf(project, json, ['--queue', server.url, ...more])
const beginWorker = (cwd = project.folder, ...more: string[]) =>
  begin(['work', '--queue', server.url, '--workers', '1', '--wait', '600', ...more], cwd, project.tally.next())

/** Asks it to end, as a machine that is taken away does. */
async function dismiss(worker: Begun): Promise<Ended> {
  process.kill(worker.pid, 'SIGINT')
  return worker.ended
}

async function list(): Promise<readonly { readonly id: string }[]> {
  const { stdout } = await agentChaos(['list', '--queue', server.url, '--json', '-'], { cwd: project.folder })
  return JSON.parse(stdout).runs
}

async function kill(who: (typeof victims)[number], leader: Begun, worker: Begun): Promise<void> {
  if (who === 'machine') process.kill(worker.pid, 'SIGKILL')
  if (who === 'worker process') process.kill(childrenOf(worker.pid)[0] ?? Number.NaN, 'SIGKILL')
  if (who === 'coordinator') process.kill(leader.pid, 'SIGKILL')
  if (who === 'server') await server.crash()
}

describe.each<readonly [name: string, start: StartServer]>([
  ['redis', startRedis],
  ['postgres', startPostgres],
])('a run over a queue on %s', (name, start) => {
  beforeAll(async () => {
    const data = join(folder, name)
    await mkdir(data)
    server = await start(data)
  })

  afterAll(() => server.stop())

  it('comes to the report of one machine, with two workers, and leaves nothing behind', async () => {
    const workers = [beginWorker(), beginWorker()]
    const { code, stderr } = await beginRun('queued.json').ended
    expect(code, stderr).toBe(whole.code)
    expect(reportIn(project, 'queued.json')).toBe(whole.report)
    expect(await list()).toEqual([])
    needed = project.tally.take()
    const ended = await Promise.all(workers.map(dismiss))
    expect(ended.map(({ code }) => code)).toEqual([130, 130])
    const ran = ended.map(({ stderr }) => Number(/ran (\d+) trials/.exec(stderr)?.[1]))
    expect(ran.every((trials) => trials > 0)).toBe(true)
    expect(ran.reduce((sum, trials) => sum + trials, 0)).toBe(needed)
    forget(project)
  })

  it('is refused by a worker with other code, which names the file; and it ends where it is cancelled', async () => {
    const other = join(folder, `other-${name}`)
    await cp(project.folder, other, { recursive: true, verbatimSymlinks: true })
    await writeFile(join(other, 'price.ts'), 'export const price = 1\n')
    const led = beginRun('cancelled.json')
    await until(() => led.output().includes('no worker yet'))
    const { code, stderr } = await beginWorker(other, '--wait', '2').ended
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not what is here: price.ts\n'),
    })
    const [queued] = await list()
    expect((await agentChaos(['cancel', queued?.id ?? '', '--queue', server.url])).code).toBe(0)
    expect((await led.ended).code).toBe(130)
    expect(await list()).toEqual([])
    forget(project)
  })

  it('is none for a worker that was handed nothing', async () => {
    const { code, stderr } = await beginWorker(project.folder, '--wait', '0.5').ended
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('was handed nothing') })
  })

  it('says what keeps a server from being used, and no password', async () => {
    const nowhere = server.urlRefused.replace(/:\d+/, ':1')
    for (const [url, why] of [
      [nowhere, 'cannot be reached'],
      [server.urlRefused, 'takes other credentials'],
    ] as const) {
      const { code, stderr } = await agentChaos(['work', '--queue', url])
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^agent-chaos: --queue: [a-z]+:\/\/127/),
      })
      expect(stderr).toContain(why)
      expect(stderr).not.toContain('a-long-secret')
    }
  })

  it.each(victims.map((victim, seed) => [victim, seed] as const))(
    'comes to the same report, and runs next to nothing again: %s killed, seed %i',
    async (who, seed) => {
      const draw = stream(seed, 'kills')
      const bytes = 1_000 + Math.floor(draw() * 150_000)
      const workers = [beginWorker(), beginWorker()] as const
      const led = beginRun('killed.json')
      await until(() => led.isOver() || journalBytes(project) >= bytes)
      // Where the run was over before, nothing would be shown.
      expect(led.isOver()).toBe(false)
      await kill(who, led, workers[0])
      const first = await led.ended
      const last = who === 'coordinator' ? await beginRun('killed.json', '--resume').ended : first
      expect(last.code, last.stderr).toBe(whole.code)
      expect(reportIn(project, 'killed.json')).toBe(whole.report)
      await Promise.all(workers.slice(who === 'machine' ? 1 : 0).map(dismiss))
      forget(project)
      const again = project.tally.take() - needed
      expect(again).toBeGreaterThanOrEqual(0)
      expect(again).toBeLessThanOrEqual(whole.trials * againMost)
    },
  )
})
