/** The built command, as a user starts it: how long it takes, when something is on the screen, and what it holds meanwhile. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { main, root } from '../../support/cli/command.js'
import { familyOf, residentMbOf, watchCpu } from './processes.js'

export interface Timed {
  readonly ms: number
  /** Processor time of the command and all that it started, to some 20 ms for each process. */
  readonly cpuMs: number
  /** When `sees` was on the screen; absent where it never was. */
  readonly seenMs?: number | undefined
}

export interface TimeOptions {
  /** The first sight of this is noted. The command is given a terminal then, where the system has `script`. */
  readonly sees?: RegExp
  /** The exit code that it must come to. */
  readonly code?: number
}

export async function timeCommand(args: readonly string[], { sees, code = 0 }: TimeOptions = {}): Promise<Timed> {
  const from = performance.now()
  const child = sees ? startOnTerminal(args) : start(args)
  const cpu = watchCpu(child.pid ?? 0)
  const look = sees && firstSight(child, sees, from)
  const [ended] = await once(child, 'close')
  const ms = performance.now() - from
  const cpuMs = cpu()
  if (ended !== code) throw new Error(`agent-chaos ${args.join(' ')}: expected exit code ${code}, got ${ended}`)
  return { ms, cpuMs, seenMs: look?.() }
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [main, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] }).on(
    'spawn',
    function (this: ChildProcess) {
      this.stdout?.resume()
      this.stderr?.resume()
    },
  )
}

function startOnTerminal(args: readonly string[]): ChildProcess {
  if (spawnSync('script', ['--version']).status !== 0) return start(args)
  const line = [process.execPath, main, ...args].map((word) => `'${word}'`).join(' ')
  return spawn('script', ['-qefc', line, '/dev/null'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
}

function firstSight(child: ChildProcess, sees: RegExp, from: number): () => number | undefined {
  let said = ''
  let at: number | undefined
  const look = (chunk: Buffer) => {
    said += chunk
    if (at === undefined && sees.test(said)) at = performance.now() - from
  }
  child.stdout?.on('data', look)
  child.stderr?.on('data', look)
  return () => at
}

export interface Watched extends Pick<Timed, 'ms'> {
  /** At each look, in megabytes: of the command itself, and of the largest of its processes. */
  readonly looks: readonly { readonly ms: number; readonly parentMb: number; readonly workerMb: number }[]
  /** The most processes at once, the command's own among them, and what they held together. */
  readonly processes: number
  readonly allMb: number
  /** Those that are still there a second after the command has ended. */
  readonly leftOver: number
}

const lookEveryMs = 50

/** The same, and what Linux tells of its processes meanwhile. */
export async function watchCommand(args: readonly string[], codes: readonly (number | null)[] = [0]): Promise<Watched> {
  const from = performance.now()
  const child = start(args)
  const looks: { ms: number; parentMb: number; workerMb: number }[] = []
  const known = new Set<number>()
  let [processes, allMb] = [0, 0]
  const look = setInterval(() => {
    const [parent = 0, ...others] = familyOf(child.pid ?? 0)
    const held = others.map(residentMbOf)
    for (const pid of others) known.add(pid)
    const parentMb = residentMbOf(parent)
    looks.push({ ms: performance.now() - from, parentMb, workerMb: Math.max(0, ...held) })
    processes = Math.max(processes, held.filter((mb) => mb > 0).length + 1)
    allMb = Math.max(
      allMb,
      held.reduce((sum, mb) => sum + mb, parentMb),
    )
  }, lookEveryMs)
  const [ended] = await once(child, 'close')
  clearInterval(look)
  if (!codes.includes(ended)) {
    throw new Error(`agent-chaos ${args.join(' ')}: expected exit code ${codes.join(' or ')}, got ${ended}`)
  }
  const ms = performance.now() - from
  await sleep(1_000)
  return { ms, looks, processes, allMb, leftOver: [...known].filter((pid) => residentMbOf(pid) > 0).length }
}
