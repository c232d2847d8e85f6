/**
 * The `file` boundary: one trial's directory on the real file system, and what of it is open. It knows what lies below
 * the directory; `stubs.ts` catches the writes, `treatment.ts` carries them out as they were planned.
 */
import fs from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Crossings } from '../../contracts/crossing.js'
import { UserError } from '../../contracts/errors.js'
import { callSite } from '../../contracts/place.js'
import type { TrialFiles } from '../../contracts/service.js'
import { ownFolderPrefix, remove } from '../../sandbox/temporary.js'

// Captured now, for somebody may replace them later; stubs of ours that are in place already stand back while `alone`.
const { closeSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync } = fs

export interface FilesOptions {
  /** Of the attempt whose code runs now; between a crash and the restart, of the one that crashed. */
  readonly crossings: () => Crossings
  /** The crossing of a tool that is under way, for the writes that happen inside it. */
  readonly parent: () => number | null
  /** The directory's path; a temporary one unless given. */
  readonly at?: string | undefined
  /** Told of a path that is wrong, for who reads may catch what is thrown. */
  readonly onMisuse: (error: UserError) => void
}

/** A file below the directory, and the attempt of the agent that has to do with it. */
export interface FilePlace {
  /** Relative to the directory, with `/` between its parts. */
  readonly path: string
  readonly crossings: Crossings
}

interface Descriptor {
  readonly place: FilePlace
  /** Gives back what the agent left open. */
  readonly close: () => void
}

/** What the random name of the directory is called where a text must be the same in every run. */
const portableName = '<files>'

export class FileBoundary implements TrialFiles {
  readonly parent: () => number | null
  readonly #crossings: () => Crossings
  readonly #at: string | undefined
  readonly #onMisuse: FilesOptions['onMisuse']
  readonly #open = new Map<number, Descriptor>()
  readonly #handles = new WeakMap<object, FilePlace>()
  /** What was looked at, and by which attempt. */
  readonly #seen = new Map<string, Crossings>()
  #dir: string | undefined
  #closed = false
  #alone = 0

  constructor({ crossings, parent, at, onMisuse }: FilesOptions) {
    this.#crossings = crossings
    this.#onMisuse = onMisuse
    this.#at = at
    this.parent = parent
  }

  /** Throws once the boundary is closed. */
  get dir(): string {
    if (this.#closed) throw new UserError('files.dir: the trial is over, and its directory is gone')
    this.#dir ??= this.alone(() => makeFolder(this.#at))
    return this.#dir
  }

  /** Whether there is a directory. */
  get made(): boolean {
    return this.#dir !== undefined
  }

  /** Goes on with a directory that another process made; it is removed with this boundary. Throws if it has one. */
  adopt(dir: string): void {
    if (this.#dir !== undefined || this.#closed) throw new Error('the trial has a directory already: expected none')
    this.#dir = realpathSync(dir)
  }

  read(path: string): string | undefined {
    if (typeof path !== 'string') this.#refuse(path)
    if (this.#dir === undefined) return undefined
    const absolute = resolve(this.#dir, path)
    if (this.#below(absolute) === undefined) this.#refuse(path)
    return this.alone(() => textAt(absolute))
  }

  #refuse(path: unknown): never {
    const error = new UserError(
      `files.read: expected a path below files.dir, got ${JSON.stringify(path) ?? String(path)}`,
      callSite(),
    )
    this.#onMisuse(error)
    throw error
  }

  list(): readonly string[] {
    const dir = this.#dir
    if (dir === undefined) return []
    const entries = this.alone(() => readdirSync(dir, { recursive: true, withFileTypes: true }))
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => portable(relative(dir, join(entry.parentPath, entry.name))))
      .sort()
  }

  /** Removes the directory and closes what was left open below it. Nothing is watched any more. */
  close(): void {
    const dir = this.#dir
    this.#dir = undefined
    this.#closed = true
    for (const { close } of this.#open.values()) close()
    this.#open.clear()
    if (dir !== undefined) this.alone(() => remove(dir))
  }

  /** Whether writes are to be looked at: there is a directory, and the boundary itself is not at work. */
  get watching(): boolean {
    return this.#dir !== undefined && this.#alone === 0
  }

  /** Does `work`, in which the stubs do the real thing: what one function of Node's calls others for is one write. */
  alone<R>(work: () => R): R {
    this.#alone++
    try {
      return work()
    } finally {
      this.#alone--
    }
  }

  /** What a function of Node's is told to write to: a path, a descriptor or a handle. `undefined`: nothing of ours. */
  placeOf(target: unknown): FilePlace | undefined {
    if (typeof target === 'number') return this.#open.get(target)?.place
    const given = pathText(target)
    if (given === undefined) return typeof target === 'object' && target ? this.#handles.get(target) : undefined
    const path = this.#below(resolve(given))
    return path === undefined ? undefined : { path, crossings: this.#crossings() }
  }

  /** Keeps what was opened for writing; `close` gives it back if the agent does not. */
  registerOpen(fd: number, place: FilePlace, close = () => closeQuietly(fd), handle?: object): void {
    this.#open.set(fd, { place, close })
    if (handle) this.#handles.set(handle, place)
  }

  /** Its number will belong to another file. */
  forget(fd: number): void {
    this.#open.delete(fd)
  }

  /** The agent has looked whether it is there, and it was. */
  noteSeen(target: unknown): void {
    const place = this.placeOf(target)
    if (place) this.#seen.set(place.path, place.crossings)
  }

  wasSeen(target: unknown): boolean {
    const place = this.placeOf(target)
    return place !== undefined && this.#seen.get(place.path) === place.crossings
  }

  /** `text` with the directory, whose name is random, under a name that is the same in every run. */
  portable(text: string): string {
    return this.#dir === undefined ? text : text.replaceAll(this.#dir, portableName)
  }

  #below(absolute: string): string | undefined {
    if (this.#dir === undefined) return undefined
    if (absolute === this.#dir) return '.'
    return absolute.startsWith(this.#dir + sep) ? portable(absolute.slice(this.#dir.length + 1)) : undefined
  }
}

/** The directory, for this user alone. A random name is the system's, for in a trial our own chance is the trial's. */
function makeFolder(path: string | undefined): string {
  if (path === undefined) return realpathSync(mkdtempSync(ownFolderPrefix()))
  mkdirSync(path, { recursive: true, mode: 0o700 })
  return realpathSync(path)
}

/** A path in any of the forms that Node takes, as text; `undefined` for anything else. */
export function pathText(target: unknown): string | undefined {
  if (typeof target === 'string') return target
  if (Buffer.isBuffer(target)) return target.toString()
  return target instanceof URL ? urlPath(target) : undefined
}

/** What is no path is left to the real function, which rejects it in Node's own words. */
function urlPath(url: URL): string | undefined {
  try {
    return fileURLToPath(url)
  } catch {
    return undefined
  }
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd)
  } catch {
    // Closed already, by a way that we do not see.
  }
}

function portable(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/')
}

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
    throw error
  }
}
