/** One trial with a directory of files, whose crossings go as a test says. Shared by the tests of the file boundary. */
import fs from 'node:fs'
import { join } from 'node:path'
import type { Action, Ending, Modifier } from '../../../faults/action.js'
import { isEnding } from '../../../faults/action.js'
import type { ActionAt } from '../../../faults/boundaries.js'
import { FileBoundary } from '../../../harness/boundaries/file/boundary.js'
import { filesGuest } from '../../../harness/boundaries/file/guest.js'
import type { Crossings, OpenCrossing, Opening } from '../../../harness/contracts/crossing.js'
import type { Outcome } from '../../../harness/contracts/trace.js'
import type { VirtualClock } from '../../../harness/sandbox/clock.js'
import { shared } from '../../../harness/sandbox/shared.js'
import { type Followed, follow } from '../sandbox/trial.js'

type FileAction = ActionAt<'file'>

/** What is to happen to the crossings, by the order in which they are opened; the rest is left alone. */
export type Planned = readonly (readonly FileAction[])[]

export interface Crossed {
  readonly opening: Opening
  struck: number
  outcome: Outcome | undefined
  /** Virtual milliseconds. */
  finishedAtMs: number | undefined
}

/** The crossings of one attempt of the agent. */
export class PlannedCrossings implements Crossings {
  readonly crossed: Crossed[] = []
  readonly jumps: number[] = []
  cancels = 0
  readonly events: Crossings['events'] = []
  frozen = false
  readonly #clock: VirtualClock
  readonly #planned: Planned

  constructor(clock: VirtualClock, planned: Planned) {
    this.#clock = clock
    this.#planned = planned
  }

  open<B extends string>(_boundary: B, opening: Opening): never {
    const entry: Crossed = { opening, struck: 0, outcome: undefined, finishedAtMs: undefined }
    const actions: readonly Action[] = this.#planned[this.crossed.length] ?? []
    const number = this.crossed.push(entry) - 1
    const crossing: OpenCrossing<'file'> = {
      number,
      treatment: {
        modifiers: actions.filter((action) => !isEnding(action)) as Extract<FileAction, Modifier>[],
        ending: actions.find(isEnding) as Extract<FileAction, Ending> | undefined,
      },
      endingClass: 'resource',
      strike: () => {
        entry.struck++
      },
      finish: (outcome) => {
        entry.outcome = outcome
        entry.finishedAtMs = this.#clock.now()
      },
    }
    return crossing as never
  }

  record(): void {}

  digest(text: string): string {
    return text
  }

  portable(text: string): string {
    return text
  }

  identityOf(text: string): string {
    return text
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.setTimeout(() => resolve(), ms))
  }

  jumpClock(ms: number): void {
    this.jumps.push(ms)
  }

  cancel(): void {
    this.cancels++
  }

  kill(ms: number): void {
    void this.sleep(ms).then(() => this.crash())
  }

  crash(): void {
    this.frozen = true
  }
}

export interface World {
  readonly files: FileBoundary
  readonly crossings: PlannedCrossings
  /** The absolute path of a file below the directory. */
  readonly at: (path: string) => string
  /** Puts a file there without anybody noticing. */
  readonly put: (path: string, text: string) => void
  /** The agent's process is started again: these are its crossings from now on. */
  readonly restart: () => PlannedCrossings
}

export interface Written<T> extends Followed<T> {
  readonly crossed: readonly Crossed[]
  readonly jumps: readonly number[]
  /** The files that the trial left, by path. */
  readonly left: Readonly<Record<string, string>>
  readonly dir: string
}

/** Follows `agent` to its end and removes its directory; the stubs must be installed. */
export async function inDirectory<T>(agent: (world: World) => Promise<T>, planned: Planned = []): Promise<Written<T>> {
  const attempts: PlannedCrossings[] = []
  const current = () => attempts.at(-1) ?? fail()
  const files = new FileBoundary({ crossings: current, parent: () => 7, onMisuse: () => {} })
  const done = await follow((clock) => {
    attempts.push(new PlannedCrossings(clock, planned))
    Object.assign(shared.ambient ?? fail(), { guests: new Map([filesGuest.as(files)]) })
    const restart = () => {
      attempts.push(new PlannedCrossings(clock, []))
      return current()
    }
    const at = (path: string) => join(files.dir, path)
    const put = (path: string, text: string) => files.alone(() => fs.writeFileSync(at(path), text))
    return agent({ files, crossings: current(), at, put, restart })
  })
  const left = Object.fromEntries(files.list().map((path) => [path, files.read(path) ?? '']))
  const dir = files.made ? files.dir : ''
  files.close()
  const [first] = attempts
  return { ...done, crossed: first?.crossed ?? [], jumps: first?.jumps ?? [], left, dir }
}

function fail(): never {
  throw new Error('a trial is expected to be entered')
}
