/**
 * One run that is killed again and again, in one place after the other, and goes on each time. What it comes to must be what a run comes
 * to that nobody kills, and next to nothing may run again.
 */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Server } from '../queue/server.js'
import type { Ended } from '../support/cli/command.js'
import type { Kill, Victim } from './draw.js'
import {
  type Begun,
  begin,
  beginRun,
  differencesIn,
  dropJournal,
  forget,
  isCutOff,
  journalBytes,
  type Project,
  reportIn,
  tearJournal,
  until,
  workersOf,
} from './project.js'

/** What nobody has killed. */
export interface Whole {
  readonly code: number | null
  readonly report: string
  /** Of the report. */
  readonly trials: number
  /** That were begun. */
  readonly begun: number
  /** Of the journal when it is over. */
  readonly bytes: number
  /** Until there is a journal. */
  readonly startMs: number
}

export interface Queue {
  readonly server: Server
  readonly workers: Begun[]
}

/** Of one kill, and of those before it that did not cut the run off. */
export interface Again {
  readonly kills: number
  readonly trials: number
}

export interface Outcome {
  readonly struck: readonly Victim[]
  /** Whom nobody was there to kill any more, for the run was over. */
  readonly missed: readonly Victim[]
  /** How many kills ended the command. */
  readonly cutOff: number
  /** How many times it went on from a journal. */
  readonly wentOn: number
  readonly again: readonly Again[]
  readonly wrong: readonly string[]
}

/** What ends the command: a crash as often as a request. */
const signals = ['SIGKILL', 'SIGINT', 'SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGHUP'] as const
/** The share of a run before there is a journal, and that behind its last line. */
const edge = 0.04
const endMs = 400
const json = 'killed.json'
const doneBefore = /cut off: (\d+) trials are done/

export function beginWorker({ folder, tally }: Project, { url }: Server): Begun {
  return begin(['work', '--queue', url, '--workers', '1', '--wait', '600'], folder, tally.next())
}

export class Chain {
  readonly #project: Project
  readonly #whole: Whole
  readonly #queue: Queue | undefined
  readonly #struck: Victim[] = []
  readonly #wrong: string[] = []
  readonly #again: Again[] = []
  #led: Begun
  #cutOff = 0
  #wentOn = 0
  /** Trials that were begun, and kills, up to when the command was started last. */
  #before = { begun: 0, kills: 0 }
  /** What of both has been told of. */
  #counted = { again: 0, kills: 0 }
  #isOut = false

  private constructor(project: Project, whole: Whole, queue: Queue | undefined) {
    this.#project = project
    this.#whole = whole
    this.#queue = queue
    forget(project)
    dropJournal(project)
    project.tally.take()
    this.#led = this.#begin()
  }

  static async run(project: Project, whole: Whole, kills: readonly Kill[], queue?: Queue): Promise<Outcome> {
    const chain = new Chain(project, whole, queue)
    for (const kill of kills) {
      if (chain.#isOut || !(await chain.#arrive(kill))) break
      await chain.#strike(kill)
    }
    await chain.#end()
    const missed = kills.slice(chain.#struck.length).map(({ victim }) => victim)
    const [struck, cutOff, wentOn] = [chain.#struck, chain.#cutOff, chain.#wentOn]
    return { struck, missed, cutOff, wentOn, again: chain.#again, wrong: chain.#wrong }
  }

  #begin(): Begun {
    rmSync(join(this.#project.folder, json), { force: true })
    this.#before = { begun: this.#before.begun + this.#project.tally.take(), kills: this.#struck.length }
    const isResumed = isCutOff(this.#project)
    if (isResumed) this.#wentOn++
    const resume = isResumed ? ['--resume'] : []
    if (this.#queue) return beginRun(this.#project, json, ['--queue', this.#queue.server.url, ...resume])
    // A run may go on with another number of workers.
    const workers = String(1 + (this.#struck.length % 2))
    return beginRun(this.#project, json, ['--workers', workers, ...resume], this.#project.tally.next())
  }

  /** Resolves once the run has come so far; to `false` where it is over before. */
  async #arrive({ at, victim }: Kill): Promise<boolean> {
    const { bytes, startMs } = this.#whole
    const share = Math.min(1, Math.max(0, (at - edge) / (1 - 2 * edge)))
    const waitMs = at < edge ? (at / edge) * startMs : at > 1 - edge ? ((at - 1 + edge) / edge) * endMs : 0
    let from: number | undefined
    await until(() => {
      if (this.#led.isOver()) return true
      // The last lines may be some bytes shorter than they were.
      if (journalBytes(this.#project) < share * bytes * 0.99) return false
      from ??= performance.now()
      if (performance.now() - from < waitMs) return false
      return this.#hasVictim(victim)
    })
    return !this.#led.isOver()
  }

  #hasVictim(victim: Victim): boolean {
    if (victim === 'worker') return workersOf(this.#led.pid).length > 0
    return victim !== 'worker process' || workersOf(this.#queue?.workers[0]?.pid ?? 0).length > 0
  }

  async #strike(kill: Kill): Promise<void> {
    const { victim } = kill
    const [worker] = this.#queue?.workers ?? []
    if (victim === 'worker') endOne(workersOf(this.#led.pid), kill)
    else if (victim === 'worker process') endOne(workersOf(worker?.pid ?? 0), kill)
    else if (victim === 'machine') await this.#loseMachine()
    else if (victim.startsWith('server')) await this.#queue?.server.crash(victim.endsWith('mid-write'))
    else return this.#cutOffBy(kill)
    this.#struck.push(victim)
  }

  async #loseMachine(): Promise<void> {
    const { server, workers } = this.#queue ?? {}
    const lost = workers?.shift()
    if (!server || !lost) return
    workers?.push(beginWorker(this.#project, server))
    if (!lost.isOver()) process.kill(lost.pid, 'SIGKILL')
    const ended = await lost.ended
    // All others go on until they are asked to end.
    if (ended.code !== null && !isRefused(ended))
      this.#wrong.push(`a worker has ended with ${ended.code}\n${ended.stderr}`)
  }

  async #cutOffBy({ victim, which, way }: Kill): Promise<void> {
    const signal = (victim === 'parent' && signals[Math.floor(which * signals.length)]) || 'SIGKILL'
    process.kill(this.#led.pid, signal)
    const ended = await this.#led.ended
    this.#cutOff++
    this.#struck.push(victim)
    // Asked to end it says so, or that it has found what the whole run finds; killed it can not.
    const isToBe = ended.code === null || ended.code === 130 || ended.code === this.#whole.code
    if (!isToBe) this.#wrong.push(`${signal}: exit ${ended.code}\n${ended.stderr}`)
    this.#tellOf(ended)
    if (victim.endsWith('mid-write')) tearJournal(this.#project, which, way < 0.5)
    // The report is out, and nothing is left to go on from: it had come to its end.
    this.#isOut = !isCutOff(this.#project) && existsSync(join(this.#project.folder, json))
    if (!this.#isOut) this.#led = this.#begin()
  }

  /** What ran again because of kills before the command went on: was begun by then, and did not stand in the journal. */
  #tellOf({ stderr }: Ended): void {
    const done = doneBefore.exec(stderr)?.[1]
    if (this.#queue || done === undefined) return
    this.#tell(this.#before.begun - Number(done), this.#before.kills)
  }

  #tell(again: number, kills: number): void {
    this.#again.push({ kills: kills - this.#counted.kills, trials: again - this.#counted.again })
    this.#counted = { again, kills }
  }

  async #end(): Promise<void> {
    let ended = await this.#led.ended
    while (isRefused(ended)) {
      this.#led = this.#begin()
      ended = await this.#led.ended
    }
    const { code, report, begun } = this.#whole
    const isCode = ended.code === code || (this.#isOut && ended.code === null)
    const isOut = existsSync(join(this.#project.folder, json))
    if (!isCode || !isOut || reportIn(this.#project, json) !== report) {
      const differences = isOut ? differencesIn(this.#project, json, report) : ['no report']
      this.#wrong.push([this.#struck.join(', '), `exit ${ended.code}`, ...differences, ended.stderr].join('\n'))
    }
    this.#tellOf(ended)
    this.#tell(this.#before.begun + this.#project.tally.take() - begun, this.#struck.length)
  }
}

/** It began while the server was away, or was coming up again. */
function isRefused({ code, stderr }: Ended): boolean {
  return code === 2 && stderr.includes('cannot be reached')
}

function endOne(pids: readonly number[], { which }: Kill): void {
  const pid = pids[Math.floor(which * pids.length)]
  try {
    // 0 would be this process and all of its group.
    if (pid) process.kill(pid, 'SIGKILL')
  } catch {
    // It had ended by itself.
  }
}
