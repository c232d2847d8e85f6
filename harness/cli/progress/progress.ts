/**
 * What a command says while it runs, on standard error. It is one line that is rewritten on a terminal; elsewhere one
 * plain line for each thing that ended and not a single control sequence. Apart from the words, which are each
 * command's own.
 */
import { clean, clip, oneLine } from '../../../reports/drawing/text.js'
import { wallTime } from '../../../reports/drawing/words.js'
import type { Io } from '../context.js'

export interface ProgressLine<P> {
  onProgress(progress: P): void
  /** Clears the line; nothing is printed afterwards. */
  stop(): void
}

/** `line`: one that is rewritten. `list`: one for each thing that ended. `dot`: a character for each. */
export const progressStyles = ['dot', 'line', 'list'] as const
export type ProgressStyle = (typeof progressStyles)[number]

/** How a command tells of its progress. */
export interface Wording<P> {
  /** Whether it is reported so often that not all of it need be seen. */
  isFrequent(progress: P): boolean
  /** Whether one of the things that are counted has ended, and how: `.` as it should, `F` or `?` otherwise. */
  endMark(progress: P): '.' | 'F' | '?' | undefined
  live(progress: P): string
  /** Where the line cannot be rewritten; `undefined` for what is then not shown. */
  plain(progress: P): string | undefined
  /** How much of the thing that it is about is done, from 0 to 1; `undefined` where that is not known. */
  share?(progress: P): { readonly of: string; readonly done: number } | undefined
}

export interface ProgressLineOptions {
  readonly quiet: boolean
  /** How many things there are to end; `undefined` where that is not known. */
  readonly count: number | undefined
  /** By default a line on a terminal that can rewrite one, and a list elsewhere. */
  readonly style?: ProgressStyle | undefined
}

export function progressLine<P>(io: Io, wording: Wording<P>, options: ProgressLineOptions): ProgressLine<P> {
  if (options.quiet) return { onProgress: () => undefined, stop: () => undefined }
  const style = options.style ?? 'line'
  if (style === 'dot') return dots(io, wording)
  // Control sequences in a file or a log would be noise, whatever was asked for.
  const isRewritable = io.stderr.isTTY && io.env.TERM !== 'dumb'
  return style === 'line' && isRewritable ? rewrittenLine(io, wording, options) : plainLines(io, wording)
}

const rewriteEveryMs = 100
/** Back to the first column, and the rest of the line cleared (ECMA-48, EL). */
const clearLine = '\r\u001b[2K'

function rewrittenLine<P>({ stderr, now }: Io, wording: Wording<P>, { count }: ProgressLineOptions): ProgressLine<P> {
  let ended = 0
  let stopped = false
  let paintedAt = Number.NEGATIVE_INFINITY
  const startedAt = now()
  const shares = new Map<string, number>()
  const text = (progress: P) => {
    const share = wording.share?.(progress)
    if (share) shares.set(share.of, share.done)
    const known = count === undefined ? '' : ` of ${count}`
    const left = count === undefined ? undefined : timeLeft(sum(shares.values()) / count, now() - startedAt)
    return `${ended}${known} done${left === undefined ? '' : `, ${left}`}; ${wording.live(progress)}`
  }
  return {
    onProgress: (progress) => {
      if (wording.endMark(progress)) ended++
      const isDue = !wording.isFrequent(progress) || now() - paintedAt >= rewriteEveryMs
      if (stopped || !isDue) return
      paintedAt = now()
      stderr.write(clearLine + clip(clean(text(progress)), (stderr.columns || 80) - 1, '...'))
    },
    stop: () => {
      if (!stopped) stderr.write(clearLine)
      stopped = true
    },
  }
}

/** Before that much is known, an estimate would be a guess. */
const estimateFrom = { share: 0.1, ms: 2_000 }

function timeLeft(done: number, ms: number): string | undefined {
  if (done < estimateFrom.share || done >= 1 || ms < estimateFrom.ms) return undefined
  return `about ${wallTime(Math.ceil((ms * (1 - done)) / done / 1000) * 1000).replace('.0', '')} left`
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
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

const dotsMost = 60

function dots<P>({ stderr }: Io, wording: Wording<P>): ProgressLine<P> {
  let column = 0
  let stopped = false
  return {
    onProgress: (progress) => {
      const mark = wording.endMark(progress)
      if (stopped || mark === undefined) return
      column++
      stderr.write(column % dotsMost === 0 ? `${mark}\n` : mark)
    },
    stop: () => {
      if (!stopped && column % dotsMost !== 0) stderr.write('\n')
      stopped = true
    },
  }
}
