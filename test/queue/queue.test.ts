/** Runs over a queue, by the built command and a real Redis: reports equal those of one machine, whoever is killed. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stream } from '../../harness/contracts/stream.js'
import { agentChaos, type Ended } from '../support/cli/command.js'
import { makePayer } from '../support/cli/payer.js'
import { stable } from '../support/stable.js'
import { type Redis, startRedis } from './redis.js'

/** How many kills; by night there are many. */
const kills = Number(process.env.KILLS ?? 3)

let folder: string
let project: string
let redis: Redis
let whole: { readonly code: number | null; readonly report: unknown }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-queue-'))
  await mkdir(join(folder, 'redis'))
  redis = await startRedis(join(folder, 'redis'))
  project = join(folder, 'project')
  await makePayer(project)
  const { code } = await run('whole.json')
  whole = { code, report: reportIn('whole.json') }
})

afterAll(async () => {
  await redis?.stop()
  await rm(folder, { recursive: true })
})

/** Begins a command; `pid` is its process. */
function begin(
  args: readonly string[],
  cwd = project,
): { readonly pid: number; readonly ended: Promise<Ended>; readonly output: () => string } {
  let [pid, output] = [0, () => '']
  const ended = agentChaos(args, {
    cwd,
    running: (id, printed) => {
      pid = id
      output = printed
    },
  })
  return { pid, ended, output }
}

const runArgs = ['run', '.', '--no-config', '--random', '300', '--seed', '3', '--failures', 'none.json']

async function run(json: string, ...more: string[]): Promise<Ended> {
  const ended = await agentChaos([...runArgs, '--json', json, ...more], { cwd: project })
  await rm(join(project, 'none.json'), { force: true })
  return ended
}

const beginRun = (json: string, ...more: string[]) => begin([...runArgs, '--json', json, '--queue', redis.url, ...more])
const beginWorker = (cwd?: string, ...more: string[]) =>
  begin(['work', '--queue', redis.url, '--workers', '1', '--wait', '600', ...more], cwd)
const reportIn = (json: string) => stable(JSON.parse(readFileSync(join(project, json), 'utf8')))

/** Asks it to end, as a machine that is taken away does. */
async function dismiss(worker: ReturnType<typeof begin>): Promise<Ended> {
  process.kill(worker.pid, 'SIGINT')
  return worker.ended
}

function journalBytes(): number {
  const cache = join(project, 'node_modules', '.cache', 'agent-chaos')
  const names = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('journal')) : []
  return names.reduce((sum, name) => sum + (statSync(join(cache, name), { throwIfNoEntry: false })?.size ?? 0), 0)
}

/** Resolves once it holds. */
function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = setInterval(() => {
      if (!holds()) return
      clearInterval(look)
      resolve()
    }, 2)
  })
}

async function list(): Promise<readonly { readonly id: string }[]> {
  const { stdout } = await agentChaos(['list', '--queue', redis.url, '--json', '-'], { cwd: project })
  return JSON.parse(stdout).runs
}

describe('a run over a queue', () => {
  it('comes to the report of one machine, with two workers, and leaves nothing behind', async () => {
    const workers = [beginWorker(), beginWorker()]
    const { code, stderr } = await beginRun('queued.json').ended
    expect(code, stderr).toBe(whole.code)
    expect(reportIn('queued.json')).toEqual(whole.report)
    expect(await list()).toEqual([])
    const ended = await Promise.all(workers.map(dismiss))
    expect(ended.map(({ code }) => code)).toEqual([130, 130])
    expect(ended.map(({ stderr }) => Number(/ran (\d+) trials/.exec(stderr)?.[1])).every((trials) => trials > 0)).toBe(
      true,
    )
    await rm(join(project, 'none.json'), { force: true })
  })

  it('is refused by a worker with other code, which names the file; and it ends where it is cancelled', async () => {
    const other = join(folder, 'other')
    await cp(project, other, { recursive: true, verbatimSymlinks: true })
    await writeFile(join(other, 'price.ts'), 'export const price = 1\n')
    const led = beginRun('cancelled.json')
    await until(() => led.output().includes('no worker yet'))
    const { code, stderr } = await beginWorker(other, '--wait', '2').ended
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not what is here: price.ts\n'),
    })
    const [queued] = await list()
    expect((await agentChaos(['cancel', queued?.id ?? '', '--queue', redis.url])).code).toBe(0)
    expect((await led.ended).code).toBe(130)
    expect(await list()).toEqual([])
    await rm(join(project, 'none.json'), { force: true })
  })

  it('is none for a worker that was handed nothing', async () => {
    const { code, stderr } = await beginWorker(project, '--wait', '0.5').ended
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('was handed nothing') })
  })

  it('says what keeps a server from being used, and no password', async () => {
    for (const url of ['redis://me:a-long-secret@127.0.0.1:1', redis.url.replace('//', '//me:a-long-secret@')]) {
      const { code, stderr } = await agentChaos(['work', '--queue', url])
      expect(code).toBe(2)
      expect(stderr).toMatch(/^agent-chaos: --queue: redis:\/\/127\.0\.0\.1:\d+ /)
      expect(stderr).not.toContain('a-long-secret')
    }
  })
})

describe('whoever is killed', () => {
  it.each(
    Array.from({ length: kills }, (_, seed) => [['worker', 'coordinator', 'redis'][seed % 3] ?? '', seed] as const),
  )('the report is the same: %s, seed %i', async (who, seed) => {
    const draw = stream(seed, 'kills')
    const bytes = 1_000 + Math.floor(draw() * 150_000)
    const workers = [beginWorker(), beginWorker()]
    const led = beginRun('killed.json')
    let isOver = false
    void led.ended.then(() => {
      isOver = true
    })
    await until(() => isOver || journalBytes() >= bytes)
    // Where the run was over before, nothing would be shown.
    expect(isOver).toBe(false)
    if (who === 'worker') process.kill(workers[0]?.pid ?? 0, 'SIGKILL')
    if (who === 'coordinator') process.kill(led.pid, 'SIGKILL')
    if (who === 'redis') await redis.crash()
    const first = await led.ended
    const last = who === 'coordinator' ? await beginRun('killed.json', '--resume').ended : first
    expect(last.code, last.stderr).toBe(whole.code)
    expect(reportIn('killed.json')).toEqual(whole.report)
    await Promise.all(workers.slice(who === 'worker' ? 1 : 0).map(dismiss))
    await rm(join(project, 'none.json'), { force: true })
  })
})
