/**
 * What the operating system refuses, in words. An errno from a user's path is the user's to fix; one that says that the
 * machine has run out of something is nobody's bug. Neither is reported with a stack.
 */
import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'

interface SystemError extends Error {
  /** `ENOENT` and the like. */
  readonly code: string
}

const meanings: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EAGAIN: 'no more processes can be started',
  EBUSY: 'something else is using it',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something else has that name',
  EFBIG: 'it would be larger than a file may be here',
  EIO: 'the device failed',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead back to themselves',
  EMFILE: 'this process has too many open files',
  ENAMETOOLONG: 'its name is too long',
  ENFILE: 'the system has too many open files',
  ENOENT: 'no such file or folder',
  ENOMEM: 'there is not enough memory',
  ENOSPC: 'no space is left on the device',
  ENOTDIR: 'a part of the path is a file, and no folder',
  ENXIO: 'no such device',
  EPERM: 'the system does not permit it',
  EROFS: 'the file system is read-only',
  ETXTBSY: 'it is a program that runs',
}

/** What to do where the machine has run out of something, whatever asked for it. */
const remedies: Readonly<Record<string, string>> = {
  EAGAIN: 'allow more processes (ulimit -u), or use fewer --workers',
  EDQUOT: 'free some space',
  EIO: 'look at the disk',
  EMFILE: 'allow more open files (ulimit -n), or use fewer --workers',
  ENFILE: 'close some programs',
  ENOMEM: 'free some memory, or use fewer --workers',
  ENOSPC: 'free some space',
}

/** By its shape: whoever threw it may have another copy of the class. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && /^E[A-Z0-9]+$/.test(String(error.code)) && 'errno' in error
}

/** Why, in words and with the system's own name for it: `no space is left on the device (ENOSPC)`. */
export function reasonOf(error: unknown): string {
  if (!isSystemError(error)) return error instanceof Error ? error.message : String(error)
  const meaning = meanings[error.code]
  return meaning === undefined ? error.message : `${meaning} (${error.code})`
}

/** What the machine has run out of and what helps, or `undefined` where the error says nothing like it. */
export function shortageOf(error: unknown): string | undefined {
  if (isOutOfReach(error)) return `${meanings.EMFILE} (EMFILE): ${remedies.EMFILE}`
  if (!isSystemError(error)) return undefined
  const remedy = remedies[error.code]
  return remedy === undefined ? undefined : `${reasonOf(error)}: ${remedy}`
}

/** Node takes an installed package that it has no descriptor to read for one that is not there. */
function isOutOfReach(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  if (code !== 'ERR_MODULE_NOT_FOUND') return false
  const file = /^Cannot find package '([^']+)'/.exec(String(message))?.[1] ?? ''
  return isAbsolute(file) && existsSync(join(dirname(file), 'package.json'))
}

/** As `shortageOf`, of an error that a process printed before it ended. */
export function shortageIn(text: string): string | undefined {
  const code = /^\S*Error: (E[A-Z]+): /m.exec(text)?.[1]
  const remedy = code === undefined ? undefined : remedies[code]
  return remedy === undefined ? undefined : `${meanings[code ?? '']} (${code}): ${remedy}`
}
