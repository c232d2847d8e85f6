/** A project that is run, killed, and run again: its command in the background, its journal, and how many trials were begun. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writerOf } from '../../harness/campaign/journal/journal.js'
import { differencesBetween, ofOneRun } from '../same/differences.js'
import { agentChaos, type CommandOptions, type Ended } from '../support/cli/command.js'
import { makePayer } from '../support/cli/payer.js'
import { stable } from '../support/stable.js'
import { countTrials, type Tally, talliesOf } from './tally.js'

/** A command that runs. */
export interface Begun {
  readonly pid: number
  readonly ended: Promise<Ended>
  readonly output: () => string
  readonly isOver: () => boolean
}

export interface Project {
  readonly folder: string
  readonly tally: Tally
}

export const runArgs = ['run', '.', '--no-config', '--random', '420', '--seed', '3', '--failures', 'none.json']

export async function makeProject(within: string): Promise<Project> {
  const folder = join(within, 'project')
  await mkdir(folder, { recursive: true })
  await makePayer(folder)
  countTrials(join(folder, 'pay.chaos.ts'))
  return { folder, tally: talliesOf(within) }
}

export function begin(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Begun {
  return follow((running) => agentChaos(args, { cwd, env, running }))
}

/** A command that somebody starts. */
export function follow(start: (running: NonNullable<CommandOptions['running']>) => Promise<Ended>): Begun {
  let [pid, output, isOver] = [0, () => '', false]
  const ended = start((id, printed) => {
    pid = id
    output = printed
  }).finally(() => {
    isOver = true
  })
  return { pid, ended, output: () => output(), isOver: () => isOver }
}

/** A run of the project that writes its report into the file `json`. */
export function beginRun({ folder }: Project, json: string, more: readonly string[], env = {}): Begun {
  return begin([...runArgs, '--json', json, ...more], folder, env)
}

/** What earlier runs found would be tried first. */
export function forget({ folder }: Project): void {
  rmSync(join(folder, 'none.json'), { force: true })
}

/** What another run has left to go on from. */
export function dropJournal(project: Project): void {
  const path = journalIn(project)
  if (path !== undefined) rmSync(path)
}

/** To the byte, keys in their order too, but for times and the machine. */
export function reportIn({ folder }: Project, json: string): string {
  return JSON.stringify(stable(JSON.parse(readFileSync(join(folder, json), 'utf8'))))
}

/** Where it is not that report, and what stands there. */
export function differencesIn({ folder }: Project, json: string, report: string): string[] {
  const found = JSON.parse(readFileSync(join(folder, json), 'utf8'))
  const differences = differencesBetween(JSON.parse(report), found, ofOneRun)
  return differences.map(({ where, before, after }) => `${where}: ${before} -> ${after}`)
}

function journalIn({ folder }: Project): string | undefined {
  const cache = join(folder, 'node_modules', '.cache', 'agent-chaos')
  const name = existsSync(cache) ? readdirSync(cache).find((each) => each.startsWith('journal')) : undefined
  return name === undefined ? undefined : join(cache, name)
}

export function journalBytes(project: Project): number {
  const path = journalIn(project)
  return path === undefined ? 0 : (statSync(path, { throwIfNoEntry: false })?.size ?? 0)
}

/** Whether there is a journal to go on from. */
export function isCutOff(project: Project): boolean {
  const path = journalIn(project)
  return path !== undefined && writerOf(path) !== undefined
}

/** As a machine that crashes leaves it: of the last line a share is missing, and the file ends there or with zeros. */
export function tearJournal(project: Project, share: number, isFilled: boolean): void {
  const path = journalIn(project)
  if (path === undefined) return
  const bytes = readFileSync(path)
  const line = bytes.length - 1 - bytes.lastIndexOf('\n', -2)
  const torn = Math.ceil(share * line)
  const whole = bytes.subarray(0, bytes.length - torn)
  writeFileSync(path, isFilled ? Buffer.concat([whole, Buffer.alloc(torn)]) : whole)
}

/** Those that a process has started. */
export function childrenOf(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return children.trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** Those of its processes that run trials or judge them. */
export function workersOf(pid: number): readonly number[] {
  return childrenOf(pid).filter((child) => commandOf(child).includes('worker.js'))
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** Resolves once it holds. */
export function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = setInterval(() => {
      if (!holds()) return
      clearInterval(look)
      resolve()
    }, 1)
  })
}
