/**
 * What a command says while it runs, on standard error: one line that is rewritten on a terminal, elsewhere one plain line
 * for each thing that ended and not a single control sequence. Apart from the words, which are each command's own.
 */
import { clean, clip, oneLine } from '../../reports/text.js'
import type { Io } from './context.js'

export interface ProgressLine<P> {
  onProgress(progress: P): void
  /** Clears the line; nothing is printed afterwards. */
  stop(): void
}

/** How a command tells of its progress. */
export interface Wording<P> {
  /** Whether it is told so often that not all of it need be seen. */
  isFrequent(progress: P): boolean
  /** Whether one of the things that are counted has ended. */
  ends(progress: P): boolean
  live(progress: P): string
  /** Where the line cannot be rewritten; `undefined` for what is then not told. */
  plain(progress: P): string | undefined
}

export interface ProgressOptions {
  readonly quiet: boolean
  /** How many things there are to end; `undefined` where that is not known. */
  readonly count: number | undefined
}

export function progressLine<P>(io: Io, wording: Wording<P>, options: ProgressOptions): ProgressLine<P> {
  if (options.quiet) return { onProgress: () => undefined, stop: () => undefined }
  return io.stderr.isTTY && io.env.TERM !== 'dumb' ? rewrittenLine(io, wording, options) : plainLines(io, wording)
}

const rewriteEveryMs = 100
/** Back to the first column, and the rest of the line cleared (ECMA-48, EL). */
const clearLine = '\r\u001b[2K'

function rewrittenLine<P>({ stderr, now }: Io, wording: Wording<P>, { count }: ProgressOptions): ProgressLine<P> {
  let ended = 0
  let stopped = false
  let paintedAt = Number.NEGATIVE_INFINITY
  return {
    onProgress: (progress) => {
      if (wording.ends(progress)) ended++
      const isDue = !wording.isFrequent(progress) || now() - paintedAt >= rewriteEveryMs
      if (stopped || !isDue) return
      paintedAt = now()
      const known = count === undefined ? '' : ` of ${count}`
      const text = `${ended}${known} done  ${wording.live(progress)}`
      stderr.write(clearLine + clip(clean(text), (stderr.columns || 80) - 1, '...'))
    },
    stop: () => {
      if (!stopped) stderr.write(clearLine)
      stopped = true
    },
  }
}

function plainLines<P>({ stderr }: Io, wording: Wording<P>): ProgressLine<P> {
  let stopped = false
  return {
    onProgress: (progress) => {
      const text = wording.plain(progress)
      if (!stopped && text !== undefined) stderr.write(`${oneLine(clean(text))}\n`)
    },
    stop: () => {
      stopped = true
    },
  }
}
