/**
 * `agent-chaos run --watch`: a first run of all, and then whatever a change touches, until it is told to end. It only decides
 * what is to be run and when; a run is that of `run`.
 */
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { isUserError, UserError } from '../../contracts/errors.js'
import type { ExitCode, Report } from '../../contracts/report/report.js'
import { isEmpty, refuseEmpty, runFiles } from '../commands/run.js'
import type { Context } from '../context.js'
import { interruptedText } from '../interrupt.js'
import type { Settings } from '../options/settings.js'
import { exits } from '../output/exit.js'
import { reportFailure } from '../output/failure.js'
import type { FileWatcher } from './files.js'
import { Inbox, type News } from './inbox.js'
import { Rewritten } from './rewritten.js'
import { type Reason, type Screen, screenOf } from './screen.js'
import { Standing } from './standing.js'
import { type Survey, surveyScenarios } from './survey.js'
import { filesTouchedBy, mattersToAll, withEarlier } from './touched.js'

/** What a run is to take on, and why. */
interface Task {
  readonly files: readonly string[]
  readonly reason: Reason
}

/** Rejects with a `UserError` where the first run cannot begin, as `run` does. */
export async function watch(
  read: () => Promise<Settings>,
  { printConfig = false }: { readonly printConfig?: boolean | undefined },
  context: Context,
): Promise<ExitCode> {
  const { io } = context
  if (printConfig) throw refusal('--print-config', 'it runs nothing')
  const survey = await surveyScenarios(read, context)
  if (survey.flags.shard) throw refusal('--shard', 'what a shard finds is judged when all are merged')
  const { watchFiles, ignoredByGit } = await context.watching()
  const inbox = new Inbox()
  const watcher = await watchFiles(io.cwd, (changed) => inbox.put({ changed }))
  const stopInterrupts = io.onInterrupt(() => session.interrupt())
  const stopKeys = io.stderr.isTTY ? io.onKey((key) => press(key, inbox, session)) : undefined
  const screen = screenOf(io, { quiet: survey.flags.quiet, color: survey.flags.color, hasKeys: stopKeys !== undefined })
  const session = new Session({ read, context, inbox, watcher, screen, ignoredByGit }, survey)
  try {
    return await session.run()
  } finally {
    stopInterrupts()
    stopKeys?.()
    await watcher.close()
  }
}

function refusal(option: string, why: string): UserError {
  return new UserError(`--watch and ${option} exclude each other: ${why}`)
}

function press(key: string, inbox: Inbox, session: Session): void {
  if (key === 'q' || key === '\u0003' || key === '\u0004') session.interrupt()
  else if (key === '\r' || key === '\n') inbox.put({ asked: 'all' })
  else if (key === 'f') inbox.put({ asked: 'failed' })
}

interface Parts {
  readonly read: () => Promise<Settings>
  readonly context: Context
  readonly inbox: Inbox
  readonly watcher: FileWatcher
  readonly screen: Screen
  ignoredByGit(files: readonly string[], root: string): Promise<ReadonlySet<string>>
}

class Session {
  readonly #parts: Parts
  readonly #standing = new Standing()
  readonly #rewritten = new Rewritten()
  #survey: Survey
  #isRunning = false
  #ends = false
  /** What was heard and is not dealt with. */
  #changed: readonly string[] = []
  #asked: News['asked']
  /** What a run that was stopped did not get to the end of. */
  #left: readonly string[] = []
  /** Whether something was heard since it was last decided what to run. */
  #isDue = false
  /** Whether the last thing that was said is that it waits. */
  #saysWaiting = false
  /** To be said when the run is over. */
  readonly #remarks: string[] = []

  constructor(parts: Parts, survey: Survey) {
    this.#parts = parts
    this.#survey = survey
  }

  /** Ctrl-C and `q`: a run ends and is reported; once more, and it ends at once. */
  interrupt(): void {
    const { io } = this.#parts.context
    if (this.#ends) {
      io.kill(exits.interrupted)
      return
    }
    this.#ends = true
    if (this.#isRunning) io.stderr.write(interruptedText)
    this.#parts.inbox.put({ ends: true })
  }

  /** Until it is told to end; the exit code is of all that was run, each at its last time. */
  async run(): Promise<ExitCode> {
    const { inbox } = this.#parts
    await this.#perform({ files: this.#survey.files, reason: { kind: 'asked', what: 'all' } }, 'first')
    this.#wait()
    while (!this.#ends) {
      if (!this.#isDue) {
        await inbox.waitForNews()
        await this.#hear(inbox.take(), 'wait')
      } else {
        await this.#react()
      }
    }
    return this.#standing.exitCode
  }

  #wait(): void {
    if (this.#ends || this.#isDue) return
    this.#saysWaiting = true
    const { files, graphs } = this.#survey
    const loaded = new Set(graphs.flatMap(({ loads }) => [...loads]))
    const scenarios = files.length
    const others = [...loaded].filter((file) => !files.includes(file) && existsSync(file)).length
    this.#parts.screen.waits({ scenarios, loaded: others, failed: this.#standing.failuresIn(files).length })
  }

  /** Runs what there is reason to run again; what is the user's to fix is reported, and waited for. */
  async #react(): Promise<void> {
    this.#isDue = false
    try {
      const before = this.#survey.files.length
      const { files, reason } = await this.#next()
      const isIdle = files.length === 0 && reason.kind === 'changed' && this.#survey.files.length === before
      // A change that touches nothing is not worth a line.
      if (this.#ends || (isIdle && this.#saysWaiting)) return
      if (files.length > 0) await this.#perform({ files, reason }, 'again')
    } catch (error) {
      if (!isUserError(error)) throw error
      this.#standing.noteNone(reportFailure(error, this.#parts.context))
    }
    this.#wait()
  }

  /** What is to be run by all that was heard, failures first. */
  async #next(): Promise<Task> {
    const before = this.#survey
    this.#survey = await surveyScenarios(this.#parts.read, this.#parts.context)
    const { files, graphs } = this.#survey
    const [changed, asked, left] = [this.#changed, this.#asked, this.#left]
    this.#changed = []
    this.#asked = undefined
    this.#left = []
    this.#standing.keep(files)
    const wanted = new Set([
      ...filesTouchedBy(changed, withEarlier(graphs, before.graphs)),
      ...files.filter((file) => !before.files.includes(file)),
      ...left,
      ...(asked === 'all' ? files : []),
      ...(asked === 'failed' ? this.#standing.failuresIn(files) : []),
    ])
    return {
      files: this.#standing.failuresFirst(files.filter((file) => wanted.has(file))),
      reason:
        changed.length > 0 || asked === undefined
          ? { kind: 'changed', files: changed }
          : { kind: 'asked', what: asked },
    }
  }

  /** One run. A change that touches something stops it, and it counts for nothing then. */
  async #perform({ files, reason }: Task, which: 'first' | 'again'): Promise<void> {
    const { context, inbox, watcher, screen } = this.#parts
    const { flags, graphs, above } = this.#survey
    watcher.add([...graphs.flatMap(({ loads }) => [...loads]), ...above])
    if (which === 'again') screen.runBegins(reason, files.length, this.#survey.files.length)
    const controller = new AbortController()
    let isStopped = false
    const tell = async (report: Report, publishing: (report: Report) => Promise<ExitCode>) =>
      isStopped ? 'stopped' : this.#report(report, which, publishing)
    this.#rewritten.runBegins()
    this.#saysWaiting = false
    this.#isRunning = true
    try {
      const running = runFiles(files, flags, context, controller.signal, tell)
      const over = running.then(() => true)
      while (!(await Promise.race([over, inbox.waitForNews().then(() => false)]))) {
        const isTouched = await this.#hear(inbox.take(), 'run')
        isStopped ||= isTouched && !this.#ends
        if (isStopped || this.#ends) controller.abort()
      }
      if ((await running) === 'stopped') {
        this.#left = files
        if (this.#ends) this.#standing.noteNone(exits.interrupted)
      }
    } finally {
      this.#isRunning = false
    }
    if (this.#ends) return
    // What the run wrote at its very end is not to look like a change after it.
    await watcher.waitUntilSettled()
    await this.#hear(inbox.take(), 'run')
    for (const remark of this.#remarks.splice(0)) screen.says(remark)
  }

  /** Gives out the report of a run, unless it found no scenario whose name is asked for: it is others that changed. */
  async #report(
    report: Report,
    which: 'first' | 'again',
    publishing: (report: Report) => Promise<ExitCode>,
  ): Promise<'reported'> {
    const { context, screen } = this.#parts
    if (which === 'again' && isEmpty(report)) {
      screen.says('nothing to run: no scenario in it has a name that --grep asks for')
      this.#standing.noteNone(exits.passed)
      return 'reported'
    }
    const code = await publishing(refuseEmpty(report, this.#survey.flags))
    this.#standing.note(report, code, context.io.cwd)
    return 'reported'
  }

  /** Keeps what there is reason to react to, and returns whether it touches a scenario. Keys that ask for a run wait for none. */
  async #hear({ changed, asked }: News, during: 'run' | 'wait'): Promise<boolean> {
    const heeded = await this.#heed(changed, during)
    this.#changed = [...new Set([...this.#changed, ...heeded])]
    if (during === 'wait') this.#asked = asked ?? this.#asked
    this.#isDue ||= heeded.length > 0 || this.#asked !== undefined
    const isTouched = filesTouchedBy(heeded, this.#survey.graphs).length > 0
    if (during === 'run' && isTouched && !this.#ends) this.#parts.screen.runStops(heeded)
    return isTouched
  }

  /** Without what the runs write and what git ignores, unless a scenario loads it. */
  async #heed(changed: readonly string[], during: 'run' | 'wait'): Promise<readonly string[]> {
    const { context, ignoredByGit } = this.#parts
    const { written, graphs } = this.#survey
    const candidates = changed.filter((file) => !written.has(file))
    const strange = candidates.filter((file) => mattersToAll(file, graphs))
    if (strange.length === 0) return candidates
    const ignored = await ignoredByGit(strange, context.io.cwd)
    return candidates.filter((file) => !strange.includes(file) || (!ignored.has(file) && this.#isNews(file, during)))
  }

  #isNews(file: string, during: 'run' | 'wait'): boolean {
    if (during === 'wait') {
      this.#rewritten.forget(file)
      return true
    }
    const noted = this.#rewritten.note(file)
    if (noted === 'first ignored') {
      const name = relative(this.#parts.context.io.cwd, file)
      this.#remarks.push(`${name} changes in every run, so the agent seems to write it: it starts no further run`)
    }
    return noted === 'heed'
  }
}
