/**
 * Calls that change a file without bytes in their arguments, and those that use one which was looked at before. Apart from
 * `calls.ts`, whose calls all write what they are given.
 */
import fs, { constants } from 'node:fs'
import { pathText } from './boundary.js'
import { type ReadCall, writes } from './calls.js'

// Captured now, for somebody may replace them later; stubs of ours that are in place already stand back while `alone`.
const { existsSync, lstatSync, readFileSync, rmSync, writeFileSync } = fs

/** `(from, to, mode)`. Where it fails in the middle Node leaves nothing behind, not even what was there before. */
export const copying: ReadCall = (files, args) => {
  const [from, to] = args.slice(0, 2).map(pathText)
  const place = files.placeOf(args[1])
  if (!place || from === undefined || to === undefined) return undefined
  const bytes = files.alone(() => bytesAt(from))
  // It fails by itself, in Node's own words.
  if (!bytes || (isExclusive(args[2]) && files.alone(() => existsSync(to)))) return undefined
  const named = { syscall: 'copyfile', path: from, dest: to }
  return {
    place,
    asked: `copy from ${files.placeOf(from)?.path ?? 'outside'}`,
    bytes,
    traits: ['bytes', 'opens'],
    done: { bytes: bytes.length },
    args,
    part: (count) => () => files.alone(() => writeFileSync(to, bytes.subarray(0, count))),
    failed: () => () => files.alone(() => rmSync(to, { force: true })),
    refusal: named,
    failure: named,
    afterError: [],
  }
}

function isExclusive(mode: unknown): boolean {
  return typeof mode === 'number' && (mode & constants.COPYFILE_EXCL) !== 0
}

function bytesAt(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

/** `(path | descriptor | handle, length)`: done as a whole or not at all. */
export const truncating: ReadCall = (files, args) => {
  const [target, length = 0] = args
  const place = files.placeOf(target)
  if (!place || typeof length !== 'number') return undefined
  const path = pathText(target)
  return {
    place,
    asked: `truncate to ${length}`,
    bytes: undefined,
    traits: path === undefined ? [] : ['opens'],
    done: 'truncated',
    args,
    part: () => undefined,
    refusal: path === undefined ? { syscall: 'ftruncate' } : { syscall: 'open', path },
    afterError: [],
  }
}

interface Use {
  /** What is asked, in a word, and what it comes to. */
  readonly asked: string
  readonly done: string
  readonly syscall: string
}

/** What uses a file that its caller has looked at: between the two it may have gone. */
function usingAfterLook({ asked, done, syscall }: Use, isMeant: (args: readonly unknown[]) => boolean): ReadCall {
  return (files, args) => {
    const path = pathText(args[0])
    const place = path === undefined || !isMeant(args) || !files.wasSeen(path) ? undefined : files.placeOf(path)
    if (path === undefined || !place) return undefined
    return {
      place,
      asked,
      bytes: undefined,
      traits: syscall === 'open' ? ['lookup', 'opens'] : ['lookup'],
      done,
      args,
      part: () => undefined,
      vanish: () => files.alone(() => removeFile(path)),
      refusal: { syscall, path },
      afterError: [],
    }
  }
}

const always = () => true

/** By the function's name. */
export const lookups: Readonly<Record<string, ReadCall>> = {
  readFile: usingAfterLook({ asked: 'read', done: 'read', syscall: 'open' }, always),
  open: usingAfterLook({ asked: 'open', done: 'opened', syscall: 'open' }, ([, flags]) => !writes(flags)),
  unlink: usingAfterLook({ asked: 'remove', done: 'removed', syscall: 'unlink' }, always),
}

/** A folder does not vanish in a moment. */
function removeFile(path: string): void {
  try {
    if (!lstatSync(path).isDirectory()) rmSync(path, { force: true })
  } catch {
    // It is gone already.
  }
}
