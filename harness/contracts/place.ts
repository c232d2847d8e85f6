/** Where in the user's own files something was called or thrown, as a stack tells it: `file:line`. */
import { normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stackOf } from './hostile-value.js'

/** Where this package's own modules lie, by URL and by path: a stack names them in either way. */
const own = namesOf(new URL('..', import.meta.url).href)

/** All ways in which a stack may name a folder. Loaders name it with slashes where the system has other separators. */
export function namesOf(url: string): readonly string[] {
  const path = pathAt(url) ?? url
  return [...new Set([url, path, path.replaceAll('\\', '/')])]
}

/** By the form of the address, and not by this system's: a stack may hold one of another. `undefined` for what is none. */
function pathAt(url: string): string | undefined {
  try {
    return fileURLToPath(url, { windows: /^file:\/\/(?:[^/]|\/[A-Za-z]:)/.test(url) })
  } catch {
    return undefined
  }
}

/** One line of a stack. */
export interface StackFrame {
  readonly file: string
  readonly line: number
  readonly column: number | undefined
  /** Of the function, where it has one. */
  readonly name: string | undefined
}

/** Where an event of a trace comes from in the user's own code. It stands beside the trace, for paths are a machine's own. */
export interface CallSite {
  /** Its index in the trace. */
  readonly event: number
  /** `file:line`: of a call, where the agent made it; of an error, where it was made. */
  readonly where: string
  /** Of an error: the frames of its stack that are the user's own, the innermost first. */
  readonly frames?: readonly string[]
}

/** The first frame of an error's stack that is neither Node's, nor a dependency's, nor this package's own. */
export function placeOf(error: unknown): string | undefined {
  const [first] = userFrames(stackOf(error))
  return first && whereOf(first)
}

/** The frames of a stack that are neither Node's, nor a dependency's, nor this package's own. */
export function userFrames(stack: unknown): StackFrame[] {
  if (typeof stack !== 'string') return []
  return outside(stack).flatMap((frame) => (frame.includes('node_modules') ? [] : (frameOf(frame) ?? [])))
}

/** Where this package was called from. That may be in a dependency, for a scenario may come with one. */
export function callSite(): string | undefined {
  const [first] = outside(new Error('here').stack ?? '').flatMap((frame) => frameOf(frame) ?? [])
  return first && whereOf(first)
}

/** As `callSite`, with up to `most` places: whoever called that, and so on. */
export function callFrames(most: number): readonly string[] {
  const frames = outside(new Error('here').stack ?? '').flatMap((frame) => frameOf(frame) ?? [])
  return frames.slice(0, most).map(whereOf)
}

/** The lines of one file that led to a call of this package, the innermost first. */
export interface CallLines {
  readonly file: string
  readonly lines: readonly number[]
}

/** As deep as a scenario may be made within its own file. */
const linesMost = 50

/** The file from which this package was called, with all of its lines in the stack. */
export function callLines(): CallLines | undefined {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = linesMost
  const { stack = '' } = new Error('here')
  Error.stackTraceLimit = stackTraceLimit
  const frames = outside(stack).flatMap((frame) => frameOf(frame) ?? [])
  const [first] = frames
  return first && { file: first.file, lines: frames.flatMap(({ file, line }) => (file === first.file ? [line] : [])) }
}

/** Loaders of TypeScript keep lines and not columns, so the column is left out. */
export function whereOf({ file, line }: StackFrame): string {
  return `${file}:${line}`
}

function outside(stack: string): string[] {
  const isFrame = (line: string) => /^\s+at /.test(line) && !line.includes('node:')
  return stack.split('\n').filter((line) => isFrame(line) && !own.some((folder) => line.includes(folder)))
}

function frameOf(text: string): StackFrame | undefined {
  const [, address, line, column] =
    text.match(/((?:file:\/\/|\/|(?<![A-Za-z])[A-Za-z]:)[^()]+?):(\d+)(?::(\d+))?\)?$/) ?? []
  if (address === undefined) return undefined
  // Loaders may name a file with slashes where the system has other separators.
  const file = address.startsWith('file:') ? pathAt(address) : normalize(address)
  if (file === undefined) return undefined
  const [, name] = text.match(/^\s+at (?:async )?(?:new )?([^\s(]+) \(/) ?? []
  return { file, line: Number(line), column: column === undefined ? undefined : Number(column), name }
}
