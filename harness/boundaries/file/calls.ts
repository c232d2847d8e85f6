/**
 * Reads the many forms in which Node's writing functions take their arguments, into one. It says which bytes, and how
 * the same call is made for the first of them alone. So a torn write lands exactly where the whole one would have.
 */
import { constants } from 'node:fs'
import type { Json } from '../../../faults/json.js'
import type { Trait } from '../../../faults/site.js'
import { type FileBoundary, type FilePlace, pathText } from './boundary.js'
import type { FailedCall } from './errors.js'

/** What is done: the same function with these arguments, or something of our own. */
export type Work = readonly unknown[] | (() => void)

/** One call of a writing function. The callback, where there is one, is left out of all arguments. */
export interface FileCall {
  readonly place: FilePlace
  /** What is asked, in words: `write`, `append`, `write at 5`, `rename from a.tmp`. */
  readonly asked: string
  /** What is to be written; `undefined` for what is done as a whole or not at all. */
  readonly bytes: Buffer | undefined
  /** What a fault can take hold of. */
  readonly traits: readonly Trait[]
  /** What a success comes to, as the trace has it. */
  readonly done: Json
  /** The arguments as they were given. */
  readonly args: readonly unknown[]
  /** The arguments for the first `count` bytes alone; `undefined` where that would do nothing. */
  readonly part: (count: number) => Work | undefined
  /** What is left of a call that failed in the middle, where it is not the first bytes. */
  readonly failed?: (count: number) => Work | undefined
  /** Removes the file that is about to be used. */
  readonly vanish?: () => void
  /** Which step of it fails where the whole is refused, and what an error names then. */
  readonly refusal: FailedCall
  /** Which step of it fails in the middle: a write, unless given. */
  readonly failure?: FailedCall
  /** What a callback is given after the error. */
  readonly afterError: readonly unknown[]
}

/** `undefined`: not below the directory, or not what the function takes, which it then rejects in its own words. */
export type ReadCall = (files: FileBoundary, args: readonly unknown[]) => FileCall | undefined

/** `(path | descriptor | handle, data, options)`, which open, write and close where they are given a path. */
export function wholeFile(flagByDefault: 'w' | 'a'): ReadCall {
  return (files, args) => {
    const [target, data, options] = args
    const place = files.placeOf(target)
    const settings = writeOptions(options)
    if (!place || !settings) return undefined
    const bytes = bytesOf(data, settings.encoding ?? 'utf8')
    if (!bytes) return undefined
    const path = pathText(target)
    return {
      place,
      asked: appends(settings.flag || flagByDefault) ? 'append' : 'write',
      bytes,
      traits: path === undefined ? ['bytes'] : ['bytes', 'opens'],
      done: { bytes: bytes.length },
      args,
      // Also where nothing is left to write: opening the file alone makes it, or empties it.
      part: (count) => [target, bytes.subarray(0, count), options],
      refusal: path === undefined ? { syscall: 'write' } : { syscall: 'open', path },
      afterError: [],
    }
  }
}

/** `(descriptor, view, offset, length, position)`, `(descriptor, view, options)`, `(descriptor, text, position, encoding)`. */
export const oneWrite: ReadCall = (files, args) => {
  const [fd, data, ...rest] = args
  const place = files.placeOf(fd)
  const slice = typeof data === 'string' ? textSlice(data, rest) : viewSlice(data, rest)
  return place && slice && writeCall(place, args, slice, (bytes, position) => [bytes, 0, bytes.length, position])
}

/** `(descriptor, views, position)`. */
export const vectorWrite: ReadCall = (files, args) => {
  const [fd, views, position] = args
  const place = files.placeOf(fd)
  if (!place || !Array.isArray(views) || !views.every(ArrayBuffer.isView)) return undefined
  const slice = { bytes: Buffer.concat(views.map(bufferOf)), position }
  return writeCall(place, args, slice, (bytes) => [[bytes], position])
}

/** `(from, to)`: what is there afterwards is the old file or the new one, whatever happens. */
export const renaming: ReadCall = (files, args) => {
  const [from, to] = args.slice(0, 2).map(pathText)
  const place = files.placeOf(args[1])
  if (!place || from === undefined || to === undefined) return undefined
  return {
    place,
    asked: `rename from ${files.placeOf(from)?.path ?? 'outside'}`,
    bytes: undefined,
    traits: ['rename'],
    done: 'renamed',
    args,
    part: () => undefined,
    refusal: { syscall: 'rename', path: from, dest: to },
    afterError: [],
  }
}

interface Slice {
  readonly bytes: Buffer
  /** Where in the file; anything but a number: where the last write ended. */
  readonly position: unknown
}

function writeCall(
  place: FilePlace,
  args: readonly unknown[],
  { bytes, position }: Slice,
  rest: (bytes: Buffer, position: unknown) => readonly unknown[],
): FileCall {
  return {
    place,
    asked: typeof position === 'number' || typeof position === 'bigint' ? `write at ${position}` : 'write',
    bytes,
    traits: ['bytes'],
    done: { bytes: bytes.length },
    args,
    part: (count) => (count === 0 ? undefined : [args[0], ...rest(bytes.subarray(0, count), position ?? null)]),
    refusal: { syscall: 'write' },
    afterError: [0, args[1]],
  }
}

function textSlice(text: string, [position, encoding]: readonly unknown[]): Slice | undefined {
  const bytes = bytesOf(text, encoding ?? 'utf8')
  return bytes && { bytes, position }
}

function viewSlice(view: unknown, rest: readonly unknown[]): Slice | undefined {
  if (!ArrayBuffer.isView(view)) return undefined
  const [offset, length, position] = typeof rest[0] === 'object' ? fields(rest[0] ?? {}) : rest
  const from = offset ?? 0
  if (typeof from !== 'number') return undefined
  const count = typeof length === 'number' ? length : view.byteLength - from
  if (!isCount(from, view.byteLength) || !isCount(count, view.byteLength - from)) return undefined
  return { bytes: bufferOf(view).subarray(from, from + count), position }
}

function fields({ offset, length, position }: { offset?: unknown; length?: unknown; position?: unknown }) {
  return [offset, length, position]
}

function isCount(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max
}

interface WriteOptions {
  readonly encoding?: unknown
  readonly flag?: unknown
}

/** What a writing function is told besides; `undefined` for what it does not take. */
export function writeOptions(options: unknown): WriteOptions | undefined {
  if (options === undefined || options === null) return {}
  if (typeof options === 'string') return { encoding: options }
  return typeof options === 'object' ? (options as WriteOptions) : undefined
}

/** Text or a view as bytes; `undefined` for anything else. */
export function bytesOf(data: unknown, encoding: unknown): Buffer | undefined {
  if (ArrayBuffer.isView(data)) return bufferOf(data)
  if (typeof data !== 'string' || typeof encoding !== 'string' || !Buffer.isEncoding(encoding)) return undefined
  return Buffer.from(data, encoding)
}

function bufferOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** Whether opening with these flags, in Node's words or as a number, allows to write. */
export function writes(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0
  return typeof flags === 'string' && /[wa+]/.test(flags)
}

function appends(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & constants.O_APPEND) !== 0
  return typeof flags === 'string' && flags.includes('a')
}
