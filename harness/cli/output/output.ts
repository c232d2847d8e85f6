/** Where a command writes what it was asked for: that it can be written is known before an hour of trials, not after it. */
import type { BigIntStats } from 'node:fs'
import { resolve } from 'node:path'
import { isUserError, UserError } from '../../contracts/errors.js'
import { reasonOf } from '../../contracts/system-error.js'
import type { Io, Sink } from '../context.js'
import { shortName } from '../options/paths.js'
import { checkReplaceable, replaceFile } from './replace-file.js'
import { statOf, statOfDescriptor } from './stat.js'

export interface Output {
  /** Whether standard output carries it, so that what is for people must go elsewhere. */
  readonly isStdout: boolean
  /** Throws a `UserError` where it cannot be written; a file that was there is as it was then. */
  write(text: string): void
}

/** `-` is standard output. A folder that is missing is made. Throws a `UserError` where the file cannot be written. */
export function openOutput(option: string, file: string, { cwd, stdout, stderr }: Io): Output {
  const toStdout: Output = { isStdout: true, write: (text) => stdout.write(text) }
  if (file === '-') return toStdout
  if (file === '') throw new UserError(`${option} takes the name of a file, or - for standard output, not ""`)
  const path = resolve(cwd, file)
  const attempt = <T>(action: () => T): T => {
    try {
      return action()
    } catch (error) {
      if (isUserError(error)) throw error
      throw new UserError(`${option} ${shortName(file)} cannot be written: ${reasonOf(error)}`)
    }
  }
  const found = attempt(() => statOf(path))
  if (found?.isDirectory()) {
    throw new UserError(`${option} ${file} cannot be written: it must be a file, and ${file} is a folder`)
  }
  // To put another file in its place would lose what else goes there.
  if (found && carries(stdout, found)) return toStdout
  if (found && carries(stderr, found)) return { isStdout: false, write: (text) => stderr.write(text) }
  attempt(() => checkReplaceable(path))
  return { isStdout: false, write: (text) => attempt(() => replaceFile(path, text)) }
}

/** Whether the stream goes to that file or pipe, as to `/dev/stdout`. A terminal may be written to by any name. */
function carries({ fd }: Sink, file: BigIntStats): boolean {
  if (fd === undefined || file.isCharacterDevice()) return false
  const { dev, ino } = statOfDescriptor(fd)
  return dev === file.dev && ino === file.ino
}
