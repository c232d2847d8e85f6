/**
 * Runs over several machines, as far as one can be several: other host names, processes, mounts, networks, users, folders, time zones
 * and languages, and another Node where `HOST_NODE` names its program. Nothing but the server and the network is shared.
 */
import { chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { chmod, cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type Begun,
  beginRun,
  childrenOf,
  dropJournal,
  follow,
  forget,
  journalBytes,
  makeProject,
  type Project,
  reportIn,
  runArgs,
  until,
} from '../kills/project.js'
import { type Ended, execute, root } from '../support/cli/command.js'
import { Host, reasonAgainstHosts } from './hosts.js'
import { startPostgres } from './postgres.js'
import { startRedis } from './redis.js'
import type { Server, StartServer } from './server.js'

/** `nobody`, and its group. */
const nobody = 65_534
const node = process.env.HOST_NODE ?? process.execPath
/** Where a machine that has the package elsewhere has it. */
const elsewhere = '/mnt/chaos'
/** The share of trials that may run again: a range, and the one that is run twice on purpose. */
const againMost = 0.1
/** Of a journal, of a run that goes on for some time yet. */
const someBytes = 60_000
const port = 7_000
/** Every machine but the leader waits in its first trial for the other one, and then they do not do the same. */
const disagreeing = `
import { mkdirSync, readdirSync } from 'node:fs'
import { hostname } from 'node:os'
const meet = () => {
  if (hostname() === 'leader') return
  mkdirSync(\`\${process.env.MEETING}/\${hostname()}\`, { recursive: true })
  while (readdirSync(process.env.MEETING).length < 2) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
}
`

interface Machine {
  readonly host: Host
  /** Of the project there. */
  readonly folder: string
  /** Of the package there. */
  readonly package: string
  /** What runs a command there, and by whom. */
  readonly by: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

let within: string
let project: Project
let start: StartServer
/** Trials that are begun where nobody is killed. */
let needed: number
let whole: { readonly code: number | null; readonly report: string; readonly trials: number }
let server: Server
let exchange: Host
let store: Host
let leader: Machine
let one: Machine
let two: Machine

/** A command on that machine. */
function beginOn({ host, folder, by, env, package: at }: Machine, args: readonly string[]): Begun {
  const words = [...by, join(at, 'dist/harness/cli/main.js'), ...args]
  const [file = '', ...rest] = host.command(['sh', '-c', 'cd "$0" && exec "$@"', folder, ...words])
  return follow((running) => execute(file, rest, { cwd: '/', env: { ...env, ...project.tally.next() }, running }))
}

const lead = (...more: string[]) => beginOn(leader, [...runArgs, '--json', 'far.json', '--queue', server.url, ...more])
const work = (machine: Machine, ...more: string[]) =>
  beginOn(machine, ['work', '--queue', server.url, '--workers', '1', '--wait', '600', ...more])

/** Asks it to end. */
async function dismiss(worker: Begun): Promise<Ended> {
  for (const pid of childrenOf(worker.pid)) process.kill(pid, 'SIGINT')
  return worker.ended
}

async function expectWhole(led: Begun): Promise<void> {
  const { code, stderr } = await led.ended
  expect(code, stderr).toBe(whole.code)
  expect(reportIn(project, 'far.json')).toBe(whole.report)
}

/** A copy of the project that the leader does not have, nor it the leader's. */
async function copyProject(name: string, at: string): Promise<string> {
  const folder = join(within, name, 'checkout')
  await cp(project.folder, folder, { recursive: true, verbatimSymlinks: true })
  const link = join(folder, 'node_modules', 'agent-chaos')
  await rm(link)
  await symlink(at, link)
  return folder
}

function chownAll(folder: string): void {
  const inside = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => !each.isSymbolicLink())
  for (const path of [folder, ...inside.map((each) => join(each.parentPath, each.name))])
    chownSync(path, nobody, nobody)
}

async function makeLeader(): Promise<Machine> {
  const host = await Host.connect(exchange, 'leader', 2)
  return { host, folder: project.folder, package: root, by: [process.execPath], env: { TZ: 'UTC', LANG: 'C' } }
}

/** By another user, in other folders, under another clock and language, and neither package nor project is where the leader has them. */
async function makeOne(): Promise<Machine> {
  const host = await Host.connect(exchange, 'one', 3)
  const folder = join(within, 'one', 'checkout')
  host.do('mount -t tmpfs none /mnt && mkdir "$1" && mount --bind "$0" "$1"', root, elsewhere)
  host.do('mount -t tmpfs none "$0" && mount -t tmpfs none "$1"', root, project.folder)
  const by = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', node]
  const env = { TZ: 'Asia/Kathmandu', LANG: 'de_DE.UTF-8', HOME: '/nonexistent' }
  return { host, folder, package: elsewhere, by, env }
}

async function makeTwo(): Promise<Machine> {
  const host = await Host.connect(exchange, 'two', 4)
  const env = { TZ: 'America/St_Johns', LANG: 'tr_TR.UTF-8' }
  return { host, folder: join(within, 'two', 'checkout'), package: root, by: [process.execPath], env }
}

async function makeStore(): Promise<Server> {
  store = await Host.connect(exchange, 'store', 1)
  const { address, command } = store
  return start(join(within, 'server'), { address, port, command })
}

/** All of it at once. Whoever has a connection to it is not told. */
async function losePower(host: Host): Promise<void> {
  host.unplug()
  await host.off()
}

async function hasComeFar(led: Begun): Promise<void> {
  await until(() => led.isOver() || journalBytes(project) >= someBytes)
  // Where the run was over before, nothing would be shown.
  expect(led.isOver()).toBe(false)
}

function expectLittleAgain(): void {
  const again = project.tally.take() - needed
  expect(again).toBeGreaterThanOrEqual(0)
  expect(again).toBeLessThanOrEqual(whole.trials * againMost)
}

/** Losing power takes until it is noticed. So that is tried with `HOSTS=all` alone, as is done by night, and the other server too. */
const atNight = process.env.HOSTS === 'all'
const reason = reasonAgainstHosts()
if (reason !== undefined) process.stderr.write(`Runs over several machines are not tested here: ${reason}\n`)

describe
  .skipIf(reason !== undefined)
  .each<readonly [name: string, start: StartServer]>([
    ['redis', startRedis],
    ...(atNight ? ([['postgres', startPostgres]] as const) : []),
  ])(
  `machines that share nothing but a server${reason === undefined ? '' : ` (skipped: ${reason})`}: %s`,
  (engine, startIt) => {
    beforeAll(async () => {
      within = await mkdtemp(join(tmpdir(), 'agent-chaos-hosts-'))
      await chmod(within, 0o711)
      project = await makeProject(within)
      await chmod(join(within, 'tallies'), 0o777)
      const { code } = await beginRun(project, 'whole.json', []).ended
      forget(project)
      const { totals } = JSON.parse(readFileSync(join(project.folder, 'whole.json'), 'utf8'))
      whole = { code, report: reportIn(project, 'whole.json'), trials: totals.trials }
      chownAll(await copyProject('one', elsewhere))
      await copyProject('two', root)
      exchange = await Host.makeSwitch('switch')
      mkdirSync(join(within, 'server'))
      start = startIt
      server = await makeStore()
      ;[leader, one, two] = [await makeLeader(), await makeOne(), await makeTwo()]
    })

    afterEach(() => {
      forget(project)
      dropJournal(project)
      project.tally.take()
    })

    afterAll(async () => {
      for (const host of [leader.host, one.host, two.host, store, exchange]) await host.off()
      await rm(within, { recursive: true })
    })

    it('come to the report of one machine', async () => {
      const begun = [work(one), work(two)]
      await expectWhole(lead())
      needed = project.tally.take()
      const ended = await Promise.all(begun.map(dismiss))
      const ran = ended.map(({ stderr }) => Number(/ran (\d+) trials/.exec(stderr)?.[1]))
      expect(
        ran.every((trials) => trials > 0),
        ended.map(({ stderr }) => stderr).join('\n'),
      ).toBe(true)
    })

    it('are refused where their code is another: both are told of it, with the file and who it is', async () => {
      const file = join(two.folder, 'price.ts')
      const text = readFileSync(file)
      writeFileSync(file, 'export const price = 1\n')
      const led = lead()
      await until(() => led.isOver() || led.output().includes('no worker yet'))
      const { code, stderr } = await work(two, '--wait', '2').ended
      writeFileSync(file, text)
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(
          /the run that leader:\d+ leads is refused: its code is not what is here: price\.ts\n/,
        ),
      })
      await until(() => led.isOver() || led.output().includes('refuses the run'))
      expect(led.output()).toMatch(/two:\d+ refuses the run: its code is not what is here: price\.ts\n/)
      const worker = work(one)
      await expectWhole(led)
      await dismiss(worker)
    })

    // On Redis ranges stand in the order in which they were put there, so that each machine takes one of the two that must agree.
    it.runIf(engine === 'redis')('are both named where they do not come to the same', async () => {
      const meeting = join(within, 'tallies', 'meeting')
      mkdirSync(meeting)
      await chmod(meeting, 0o777)
      const machines = [leader, one, two].map((machine) => ({ ...machine, env: { ...machine.env, MEETING: meeting } }))
      const files = machines.map(({ folder }) => join(folder, 'pay.chaos.ts'))
      const text = readFileSync(files[0] ?? '', 'utf8')
      const other = text
        .replace('state: () => {', 'state: () => { meet();')
        .replace('await tools.look()', "await tools.look(); if (hostname() === 'two') await tools.look()")
      for (const file of files) writeFileSync(file, disagreeing + other)
      const [, first, second] = machines
      const begun = [first, second].flatMap((machine) => (machine ? [work(machine)] : []))
      const { code, stdout, stderr } = await lead().ended
      await Promise.all(begun.map(dismiss))
      for (const file of files) writeFileSync(file, text)
      expect(code, stderr).not.toBe(0)
      expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
        /came out otherwise on (one:\d+ than on two|two:\d+ than on one):\d+/,
      )
    })

    it.runIf(atNight)('may lose their power as they work', async () => {
      const workers = [work(one), work(two)] as const
      const led = lead()
      await hasComeFar(led)
      await losePower(one.host)
      await expectWhole(led)
      expectLittleAgain()
      await Promise.all([workers[0].ended, dismiss(workers[1])])
      one = await makeOne()
    })

    it.runIf(atNight)('may be cut off as they work, and come back', async () => {
      const workers = [work(one), work(two)] as const
      const led = lead()
      await hasComeFar(led)
      one.host.unplug()
      await expectWhole(led)
      await dismiss(workers[1])
      one.host.plug()
      forget(project)
      await expectWhole(lead())
      await dismiss(workers[0])
    })

    it.runIf(atNight)('go on where the leader has lost its power', async () => {
      const begun = [work(one), work(two)]
      const led = lead()
      await hasComeFar(led)
      await losePower(leader.host)
      await led.ended
      leader = await makeLeader()
      await expectWhole(lead('--resume'))
      expectLittleAgain()
      await Promise.all(begun.map(dismiss))
    })

    it.runIf(atNight)('wait where the server has lost its power, until there is another in its place', async () => {
      const begun = [work(one), work(two)]
      const led = lead()
      await hasComeFar(led)
      await losePower(store)
      server = await makeStore()
      await expectWhole(led)
      expectLittleAgain()
      await Promise.all(begun.map(dismiss))
    })
  },
)
