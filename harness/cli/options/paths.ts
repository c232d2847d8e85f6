/** Paths that a user named: what stands there, or one clear error with the part of the path that leads nowhere. */
import { type BigIntStats, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { nearest, UserError } from '../../contracts/errors.js'
import { isSystemError, reasonOf } from '../../contracts/system-error.js'
import { statOf } from '../output/stat.js'

/** What stands at a path that nobody named: nothing, where it cannot be looked at. */
export function standsAt(path: string): BigIntStats | undefined {
  try {
    return statOf(path)
  } catch {
    return undefined
  }
}

interface Named {
  /** What the user gave it to, for messages. */
  readonly option?: string | undefined
  /** Where it is written, if it is not the command line. */
  readonly where?: string | undefined
}

/** What stands at the path that a user named, or nothing. Throws a `UserError` where nothing can ever stand there. */
export function statNamed(path: string, cwd: string, { option, where }: Named = {}): BigIntStats | undefined {
  let found: BigIntStats | undefined
  try {
    found = statOf(resolve(cwd, path))
  } catch (error) {
    if (!isBelowFile(error)) throw new UserError(`${nameOf(path, option)}: ${reasonOf(error)}`, where)
  }
  // From Node 22 on a path below a file is one at which nothing is, as any other.
  const file = found === undefined ? fileWithin(path, cwd) : undefined
  if (file === undefined) return found
  throw new UserError(`${nameOf(path, option)}: ${file} is a file, and no folder`, where)
}

/** The path of the file that a user named, absolute. Throws a `UserError` where it is not `expected`. */
export function fileNamed(path: string, cwd: string, expected: string, option?: string): string {
  const found = statNamed(path, cwd, { option })
  const name = nameOf(path, option)
  if (found === undefined) throw new UserError(`${name}: no such file.${suggestion(path, cwd)}`.replace(/\.$/, ''))
  if (!found.isFile()) throw new UserError(`${name}: ${expected} is expected, and this is ${kindOf(found)}`)
  return resolve(cwd, path)
}

function nameOf(path: string, option: string | undefined): string {
  return option === undefined ? shortName(path) : `${option} ${shortName(path)}`
}

/** What it is, if it is no file. */
export function kindOf(found: BigIntStats): string {
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}

function isBelowFile(error: unknown): boolean {
  return isSystemError(error) && error.code === 'ENOTDIR'
}

/** The part of the path that would have to be a folder, and is a file. */
function fileWithin(path: string, cwd: string): string | undefined {
  for (let part = dirname(path); part !== dirname(part); part = dirname(part)) {
    if (standsAt(resolve(cwd, part))?.isDirectory() === false) return part
  }
  return undefined
}

const charactersShown = 120

/** A name of any length, as it can be told. */
export function shortName(path: string): string {
  return path.length <= charactersShown ? path : `${path.slice(0, charactersShown)}… (${path.length} characters)`
}

/** ` Did you mean "x"?`: the path with the first name that does not exist replaced by the nearest one beside it. */
export function suggestion(path: string, cwd: string): string {
  const names = relative(cwd, resolve(cwd, path)).split(/[\\/]/)
  let folder = ''
  for (const [index, name] of names.entries()) {
    const next = join(folder, name)
    if (standsAt(resolve(cwd, next)) !== undefined) {
      folder = next
      continue
    }
    const found = nearestPath(folder, name, names.slice(index + 1), cwd)
    return found === undefined ? '' : ` Did you mean "${found}"?`
  }
  return ''
}

function nearestPath(folder: string, name: string, rest: readonly string[], cwd: string): string | undefined {
  const near = nearest(name, namesIn(resolve(cwd, folder)))
  if (near === undefined) return undefined
  const whole = join(folder, near, ...rest)
  return standsAt(resolve(cwd, whole)) === undefined ? join(folder, near) : whole
}

/** The names in a folder; none where it cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
