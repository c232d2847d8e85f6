/**
 * Worker processes that are kept from one scenario file to the next, for starting one costs more than the search of a
 * small scenario. A worker forgets the user's own modules between files; packages stay loaded.
 */
import type { ExecutorSettings, ScenarioSource } from '../../contracts/executor.js'
import { WorkerProcess } from './worker-process.js'

/** Resident megabytes, as a share of what a worker may take, above which it is not kept. */
const residentShareKeptMax = 0.5

export class WorkerPool {
  readonly #settings: ExecutorSettings
  readonly #spare: WorkerProcess[] = []
  /** Of no agent, ever: they load scenarios, and judge what others ran. */
  readonly #judges: WorkerProcess[] = []
  /** Workers that were given back, and are about to be kept or not. */
  readonly #compared = new Map<WorkerProcess, Promise<void>>()
  #closed = false

  constructor(settings: ExecutorSettings) {
    this.#settings = settings
  }

  /** A worker that loads the scenario; one that has run others, where there is one or is about to be. */
  async takeOrWait(source: ScenarioSource): Promise<WorkerProcess> {
    await Promise.all(this.#compared.values())
    return this.take(source)
  }

  /** A worker that loads the scenario; one that has run others, where there is one. */
  take(source: ScenarioSource): WorkerProcess {
    const worker = popLiving(this.#spare)
    if (!worker) return this.startFresh(source)
    worker.load(source)
    return worker
  }

  /** A worker whose process has run nothing. */
  startFresh(source: ScenarioSource, settings: ExecutorSettings = this.#settings): WorkerProcess {
    const worker = new WorkerProcess(settings)
    worker.load(source)
    return worker
  }

  /** A worker that loads the scenario, and in whose process no agent has run. */
  takeJudge(source: ScenarioSource): WorkerProcess {
    const judge = popLiving(this.#judges)
    if (!judge) return this.startFresh(source, { ...this.#settings, debugging: undefined })
    judge.load(source)
    return judge
  }

  giveBackJudge(judge: WorkerProcess): void {
    this.#keep(judge, this.#judges)
  }

  giveBack(worker: WorkerProcess): void {
    this.#keep(worker, this.#spare)
  }

  /** Keeps the worker for another file, if its process is as it was; ends it otherwise. */
  #keep(worker: WorkerProcess, shelf: WorkerProcess[]): void {
    worker.onDeath = () => {}
    if (!this.#fits(worker)) {
      worker.kill()
      return
    }
    const compared = worker.compare().then((comparison) => {
      this.#compared.delete(worker)
      const isAsItWas = comparison?.changes.length === 0 && !comparison.atWork
      if (isAsItWas && this.#fits(worker) && !this.#closed) shelf.push(worker)
      else worker.kill()
    })
    this.#compared.set(worker, compared)
  }

  /** Ends what is kept, and what nobody will ask for any more. */
  close(): void {
    this.#closed = true
    const left = [...this.#spare.splice(0), ...this.#judges.splice(0), ...this.#compared.keys()]
    for (const worker of left) worker.kill()
  }

  #fits(worker: WorkerProcess): boolean {
    return worker.idle && worker.residentMb < this.#settings.memoryMax * residentShareKeptMax
  }
}

/** Somebody may have ended one while it had nothing to do. */
function popLiving(shelf: WorkerProcess[]): WorkerProcess | undefined {
  for (let worker = shelf.pop(); worker; worker = shelf.pop()) if (worker.alive) return worker
  return undefined
}
