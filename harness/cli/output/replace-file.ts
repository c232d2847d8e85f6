/**
 * A file that is replaced as a whole or not at all. A disk that is full, or a process that is killed, leaves the former
 * content as it was. The new one is written beside it, forced to the disk, and takes its name only then.
 */
import { randomUUID } from 'node:crypto'
import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isSystemError } from '../../contracts/system-error.js'
import { statOf } from './stat.js'

/** Makes the folder, and throws where `replaceFile` would, as far as that can be known before. */
export function checkReplaceable(path: string): void {
  const found = statOf(path)
  if (found !== undefined) accessSync(path, constants.W_OK)
  else mkdirSync(dirname(path), { recursive: true })
  if (found !== undefined && !found.isFile()) return
  const beside = besideOf(targetOf(path))
  try {
    closeSync(openSync(beside, 'wx'))
    rmSync(beside)
  } catch (error) {
    if (found === undefined || !isForbidden(error)) throw error
  }
}

/**
 * Writes the file. Symbolic links are followed, and a file that was there keeps its permissions. What is no file, as a
 * device or a pipe, is written to. So is a file in a folder that takes no other one, or that is mounted by itself.
 */
export function replaceFile(path: string, text: string): void {
  const bytes = Buffer.from(text)
  const found = statOf(path)
  // Writing beside it would not ask whether it may be written.
  if (found !== undefined) accessSync(path, constants.W_OK)
  // An agent may have removed it meanwhile.
  else mkdirSync(dirname(path), { recursive: true })
  if (found !== undefined && !found.isFile()) {
    writeTo(path, 'w', bytes)
    return
  }
  const target = targetOf(path)
  const beside = besideOf(target)
  try {
    writeTo(beside, 'wx', bytes, found)
    renameSync(beside, target)
  } catch (error) {
    rmSync(beside, { force: true })
    if (found === undefined || !isForbidden(error)) throw error
    writeTo(path, 'w', bytes)
  }
  syncFolder(dirname(target))
}

/** Short, for the file's own name may be as long as it can be; hidden, so that a watch passes over it. */
function besideOf(target: string): string {
  return join(dirname(target), `.agent-chaos-${randomUUID()}.tmp`)
}

const linksMost = 40

/** The path with symbolic links followed, whether or not something stands at the end of them. */
function targetOf(path: string): string {
  let target = path
  for (let links = 0; links < linksMost; links++) {
    if (!lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink()) return target
    target = resolve(realpathSync(dirname(target)), readlinkSync(target))
  }
  return target
}

/** Whether the folder takes no file beside it, or none in its place; the file itself may be written all the same. */
function isForbidden(error: unknown): boolean {
  return isSystemError(error) && ['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV'].includes(error.code)
}

function writeTo(path: string, flag: 'w' | 'wx', bytes: Buffer, like?: BigIntStats): void {
  const file = openSync(path, flag)
  try {
    if (like) resemble(file, like)
    writeAll(file, bytes)
    sync(file)
  } finally {
    closeSync(file)
  }
}

/** All of it: the system may take a part, and refuse the rest only when it is asked again. */
export function writeAll(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}

function resemble(file: number, { mode, uid, gid }: BigIntStats): void {
  try {
    fchownSync(file, Number(uid), Number(gid))
  } catch {
    // Only root may give a file away.
  }
  fchmodSync(file, Number(mode) & 0o7777)
}

/** Devices, pipes and some file systems have nothing to force. */
function sync(file: number): void {
  try {
    fsyncSync(file)
  } catch (error) {
    if (!isSystemError(error) || !['EINVAL', 'ENOTSUP', 'EROFS', 'ENOSYS'].includes(error.code)) throw error
  }
}

/** So that the new name outlives a loss of power, where the system can do that. */
function syncFolder(folder: string): void {
  try {
    const file = openSync(folder, 'r')
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch {
    // The content is safe under one name or the other.
  }
}
