/**
 * What a watch says between its runs, on standard error as all progress. It is a screen that is cleared and a last line
 * with the keys on a terminal, plain lines elsewhere.
 */
import { relative } from 'node:path'
import { styleOf } from '../../../reports/drawing/style.js'
import { clean, oneLine, wrap } from '../../../reports/drawing/text.js'
import { quantity } from '../../../reports/drawing/words.js'
import type { Io } from '../context.js'
import { appearanceOf } from '../output/appearance.js'

/** Why there is a run. */
export type Reason =
  | { readonly kind: 'changed'; readonly files: readonly string[] }
  | { readonly kind: 'asked'; readonly what: 'all' | 'failed' }

export interface Watched {
  readonly scenarios: number
  /** Files that the scenarios load, themselves left out. */
  readonly loaded: number
  readonly failed: number
}

export interface ScreenOptions {
  readonly quiet?: boolean | undefined
  readonly color?: boolean | undefined
  /** Whether keys are heard. */
  readonly hasKeys: boolean
}

export interface Screen {
  /** Before each run but the first. */
  runBegins(reason: Reason, run: number, of: number): void
  /** A run is to end because of these. */
  runStops(files: readonly string[]): void
  waits(watched: Watched): void
  says(line: string): void
}

/**
 * All of what was there is pushed up, where it can be scrolled back to. Writing goes on at the top (ECMA-48, ED and
 * CUP).
 */
const clearScreen = '\u001b[2J\u001b[H'

export function screenOf(io: Io, { quiet = false, color, hasKeys }: ScreenOptions): Screen {
  const { stderr, env } = io
  const isTerminal = stderr.isTTY && env.TERM !== 'dumb'
  const { width, marks, colors } = styleOf(appearanceOf(stderr, env, color))
  const write = (line: string, paint = (text: string) => text) => {
    const lines = isTerminal ? wrap(clean(line), width) : [oneLine(clean(line))]
    stderr.write(lines.map((text) => `${paint(text)}\n`).join(''))
  }
  const names = (files: readonly string[]) => namesOf(files.map((file) => relative(io.cwd, file)))
  return {
    runBegins: (reason, run, of) => {
      if (isTerminal) stderr.write(clearScreen)
      if (!quiet) write(`${reasonText(reason, names)}running ${shareText(run, of)}`)
    },
    runStops: (files) => {
      // On a terminal the next run says so in a moment, at the top of a screen that is cleared.
      if (!quiet && !isTerminal) write(`${names(files)} changed: this run is stopped`)
    },
    waits: ({ scenarios, loaded, failed }) => {
      const one = scenarios === 1
      const parts = [
        quantity(scenarios, 'scenario file'),
        ...(failed > 0 ? [one ? 'which did not pass' : `${failed} of which did not pass`] : []),
      ]
      const also = loaded > 0 ? [`${quantity(loaded, 'file')} that ${one ? 'it loads' : 'they load'}`] : []
      const end = hasKeys ? '' : '; Ctrl-C ends'
      if (isTerminal) stderr.write('\n')
      write(`watching ${[parts.join(', '), ...also].join(failed > 0 ? ', and ' : ' and ')}${end}`)
      const keys = ['Enter runs all', ...(failed > 0 ? ['f what did not pass'] : []), 'q ends']
      if (hasKeys) write(keys.join(marks.separator), colors.dim)
    },
    says: (line) => write(line),
  }
}

function reasonText(reason: Reason, names: (files: readonly string[]) => string): string {
  if (reason.kind === 'changed') return `${names(reason.files)} changed: `
  return reason.what === 'failed' ? 'what did not pass: ' : ''
}

function shareText(run: number, of: number): string {
  if (of === 1) return 'the scenario file'
  return run === of ? `all ${of} scenario files` : `${run} of ${of} scenario files`
}

/** One or two by name, and how many more. */
function namesOf(files: readonly string[]): string {
  const [first = '', second] = files
  if (second === undefined) return first
  return files.length === 2 ? `${first} and ${second}` : `${first} and ${files.length - 1} more`
}
