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

  constructor(settings: ExecutorSettings) {
    this.#settings = settings
  }

  /** A worker that loads the scenario; one that has run others, where there is one. */
  take(source: ScenarioSource): WorkerProcess {
    const worker = this.#spare.pop()
    if (!worker) return this.startFresh(source)
    worker.load(source)
    return worker
  }

  /** A worker whose process has run nothing. */
  startFresh(source: ScenarioSource): WorkerProcess {
    const worker = new WorkerProcess(this.#settings)
    worker.load(source)
    return worker
  }

  /** Keeps the worker for another file, if it is fit for that; ends it otherwise. */
  giveBack(worker: WorkerProcess): void {
    worker.onDeath = () => {}
    const fits = worker.idle && worker.residentMb < this.#settings.memoryMax * residentShareKeptMax
    if (fits) this.#spare.push(worker)
    else worker.kill()
  }

  /** Ends what is kept. */
  close(): void {
    for (const worker of this.#spare.splice(0)) worker.kill()
  }
}
