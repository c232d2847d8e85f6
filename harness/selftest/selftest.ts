/**
 * The proof that verdicts can be trusted: planted bugs must be found, and correct agents, the repaired ones among them,
 * must be left alone. First every file is opened and the bugs are searched for; then it is known how many correct agents
 * share the trials at random.
 */
import { readFileSync } from 'node:fs'
import { replayCommand } from '../campaign/command.js'
import { runConcurrently } from '../campaign/concurrently.js'
import { failureOf } from '../campaign/failure.js'
import { Redactor } from '../campaign/redact.js'
import { version } from '../campaign/run.js'
import { UserError } from '../contracts/errors.js'
import type { Executor, Executors, OpenExecutors } from '../contracts/executor.js'
import type { FailureReport } from '../contracts/report/report.js'
import type { AgentReport, BugReport, SelftestReport } from '../contracts/report/selftest-report.js'
import { shownPath } from '../contracts/shown-path.js'
import { startWatch } from '../contracts/stopwatch.js'
import { sourceOf } from '../define/source.js'
import { tryAgent } from './agent.js'
import { assemble } from './assemble.js'
import { findBug } from './bug.js'
import type { SelftestRunOptions } from './options.js'

/** A correct agent, by the file that it stands in. */
interface Subject {
  readonly file: string
  readonly repaired: boolean
}

/** Finds bugs, tries correct agents, and reports. A file that cannot be run costs itself and no other. */
export async function runSelftest(openExecutors: OpenExecutors, options: SelftestRunOptions): Promise<SelftestReport> {
  const [startedAt, elapsedMs] = [new Date(), startWatch()]
  const selftest = new Selftest(openExecutors, options)
  try {
    await selftest.findBugs()
    if (options.trials > 0) await selftest.tryAgents()
  } finally {
    selftest.close()
  }
  const { bugs, agents, failures, redactor } = selftest
  return {
    format: 'agent-chaos/selftest',
    version: 1,
    seed: options.seed,
    ...assemble(await redactor.clear({ bugs, agents, failures, interrupted: options.signal.aborted })),
    environment: { node: process.version, platform: `${process.platform}-${process.arch}`, version },
    timing: { startedAt: startedAt.toISOString(), wallMs: Math.round(elapsedMs()) },
  }
}

class Selftest {
  readonly #options: SelftestRunOptions
  readonly #executors: Executors
  readonly #subjects: Subject[] = []
  /** Which file a scenario of that name is in. */
  readonly #names = new Map<string, string>()
  #stopped = false
  readonly redactor = new Redactor()
  readonly bugs: BugReport[] = []
  readonly agents: AgentReport[] = []
  readonly failures: FailureReport[] = []

  constructor(openExecutors: OpenExecutors, options: SelftestRunOptions) {
    this.#options = options
    const { cwd, trialTimeout, memoryMax, networkNamespace } = options
    const onSecrets = this.redactor.learn
    const settings = { root: cwd, trialTimeout, memoryMax, networkNamespace }
    this.#executors = openExecutors({ ...settings, output: 'discard', onSecrets })
  }

  findBugs(): Promise<void> {
    const { files } = this.#options
    return this.#onEach(
      files.map((file) => ({ file, repaired: false })),
      (subject, executor) => this.#open(subject.file, executor),
    )
  }

  tryAgents(): Promise<void> {
    const { files, trials } = this.#options
    // Which of them was opened first is chance.
    const subjects = [...this.#subjects].sort((left, right) => files.indexOf(left.file) - files.indexOf(right.file))
    const share = Math.floor(trials / subjects.length)
    return this.#onEach(subjects, (subject, executor, index) =>
      this.#try(subject, executor, Math.max(1, share + (index < trials % subjects.length ? 1 : 0))),
    )
  }

  close(): void {
    this.#executors.close()
  }

  async #open(file: string, executor: Executor): Promise<void> {
    const { name, canary, repairable } = executor.facts
    const { grep, cwd, seed, signal, trialsMax, onProgress } = this.#options
    if (grep !== undefined && !name.includes(grep)) return
    const owner = this.#names.get(name)
    if (owner !== undefined) throw new UserError(`the scenario's name "${name}" is taken by ${owner}`, file)
    const shown = shownPath(file, cwd)
    this.#names.set(name, shown)
    if (canary === null || repairable) this.#subjects.push({ file, repaired: canary !== null })
    if (canary === null) return
    const report = await findBug(executor, {
      seed,
      trialsMax,
      signal,
      file: shown,
      source: readFileSync(file, 'utf8'),
      command: (seed, plan) => replayCommand(shown, seed, plan),
      onProgress: ({ phase, done, planned }) => onProgress({ kind: 'trials', name, phase, done, planned }),
    })
    this.bugs.push(report)
    if (report.verdict !== 'found') this.#fail()
    onProgress({ kind: 'bug-finished', report })
  }

  async #try({ file, repaired }: Subject, executor: Executor, trials: number): Promise<void> {
    const { name } = executor.facts
    const { cwd, seed, signal, onProgress } = this.#options
    const shown = shownPath(file, cwd)
    const report = await tryAgent(executor, {
      seed,
      trials,
      signal,
      file: shown,
      repaired,
      command: (seed, plan) => replayCommand(shown, seed, plan, repaired),
      onProgress: (progress) => onProgress({ kind: 'trials', name, ...progress }),
    })
    this.agents.push(report)
    if (report.verdict !== 'quiet') this.#fail()
    onProgress({ kind: 'agent-finished', report })
  }

  #fail(): void {
    if (this.#options.bail) this.#stopped = true
  }

  #onEach(
    subjects: readonly Subject[],
    work: (subject: Subject, executor: Executor, index: number) => Promise<void>,
  ): Promise<void> {
    const goesOn = () => !this.#stopped && !this.#options.signal.aborted
    return runConcurrently(subjects, this.#options.workers, goesOn, async (subject, workers, index) => {
      try {
        const executor = await this.#executors.open(
          { ...sourceOf(this.#options.cwd, subject.file), repaired: subject.repaired },
          workers,
        )
        try {
          await work(subject, executor, index)
        } finally {
          executor.close()
        }
      } catch (error) {
        await this.#recordFailure(error, subject.file)
      }
    })
  }

  async #recordFailure(error: unknown, file: string): Promise<void> {
    const { cwd, onProgress } = this.#options
    const shown = shownPath(file, cwd)
    const failure = await this.redactor.clear(failureOf(error, shown, cwd))
    this.failures.push(failure)
    this.#fail()
    onProgress({ kind: 'file-failed', file: shown, message: failure.message })
  }
}
