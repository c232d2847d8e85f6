/**
 * What a run says while it runs, on standard error: one line that is rewritten on a terminal, elsewhere one plain line for
 * each scenario that ended and not a single control sequence.
 */
import { clean, clip, oneLine } from '../../reports/text.js'
import { counted, verdictWords, wallTime } from '../../reports/words.js'
import type { Progress } from '../campaign/index.js'
import type { Io } from './context.js'

export interface ProgressLine {
  onProgress(progress: Progress): void
  /** Clears the line; nothing is printed afterwards. */
  stop(): void
}

export interface ProgressOptions {
  readonly quiet: boolean
  /** How many scenario files there are. */
  readonly files: number
}

export function progressLine(io: Io, options: ProgressOptions): ProgressLine {
  if (options.quiet) return { onProgress: () => undefined, stop: () => undefined }
  return io.stderr.isTTY && io.env.TERM !== 'dumb' ? rewrittenLine(io, options) : plainLines(io)
}

const rewriteEveryMs = 100
/** Back to the first column, and the rest of the line cleared (ECMA-48, EL). */
const clearLine = '\r\u001b[2K'

function rewrittenLine({ stderr, now }: Io, { files }: ProgressOptions): ProgressLine {
  let finished = 0
  let stopped = false
  let paintedAt = Number.NEGATIVE_INFINITY
  return {
    onProgress: (progress) => {
      if (progress.kind === 'scenario-finished' || progress.kind === 'file-failed') finished++
      const isDue = progress.kind !== 'trials' || now() - paintedAt >= rewriteEveryMs
      if (stopped || !isDue) return
      paintedAt = now()
      const text = `${finished} of ${files} done  ${liveText(progress)}`
      stderr.write(clearLine + clip(clean(text), (stderr.columns || 80) - 1, '...'))
    },
    stop: () => {
      if (!stopped) stderr.write(clearLine)
      stopped = true
    },
  }
}

function liveText(progress: Progress): string {
  switch (progress.kind) {
    case 'scenario-started':
      return `${progress.name}: baseline`
    case 'trials':
      return `${progress.name}: ${phaseText(progress)}, ${counted(progress.violations, 'violation')}`
    case 'scenario-finished':
      return `${progress.name}: ${verdictWords(progress.report)}`
    case 'file-failed':
      return `${progress.file}: could not be run`
  }
}

function phaseText({ phase, done, planned }: Extract<Progress, { kind: 'trials' }>): string {
  switch (phase) {
    case 'search':
      return `${done} of ${counted(planned, 'trial')}`
    case 'shrink':
      return `shrinking a violation, ${counted(done, 'trial')}`
    case 'recheck':
      return `running it again, ${counted(done, 'trial')}`
    case 'measure':
      return `measuring, ${done} of ${counted(planned, 'trial')}`
  }
}

function plainLines({ stderr }: Io): ProgressLine {
  let stopped = false
  return {
    onProgress: (progress) => {
      const text = plainText(progress)
      if (!stopped && text !== undefined) stderr.write(`${oneLine(clean(text))}\n`)
    },
    stop: () => {
      stopped = true
    },
  }
}

function plainText(progress: Progress): string | undefined {
  switch (progress.kind) {
    case 'scenario-started':
    case 'trials':
      return undefined
    case 'scenario-finished': {
      const { search, timing } = progress.report
      return `${progress.name}: ${verdictWords(progress.report)} (${counted(search.run, 'trial')}, ${wallTime(timing.wallMs)})`
    }
    case 'file-failed':
      return `${progress.file}: could not be run`
  }
}
