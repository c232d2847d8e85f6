/** Temporary folders, named after the process that is to remove them, so that others see when it is gone. */
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Captured now, for somebody may replace them later.
const { readdirSync, rmSync, statSync } = fs

const prefix = 'agent-chaos-'
/** Of numbers in paths, and letters that are made up. Agents pass paths on to models, which count how long a text is: all are as long. */
const [pidDigits, trialDigits] = [10, 6]
export const randomBytesInPath = 8
/** A process in a container of its own looks like one that is gone; it does not leave its folder alone for so long. */
const litterAfterMs = 24 * 60 * 60 * 1_000

/** What comes before the random part of the path of such a folder. */
export function temporaryPrefix(): string {
  return join(tmpdir(), `${prefix}${String(process.pid).padStart(pidDigits, '0')}-`)
}

/** Where a worker's trial has its files, below the folder of its run. */
export function trialFolderIn(folder: string, number: number): string {
  return join(folder, String(number).padStart(trialDigits, '0'))
}

/** What comes before six random letters where a trial has a folder for itself: its path is as long as a worker's. */
export function ownFolderPrefix(): string {
  return temporaryPrefix() + '0'.repeat(2 * randomBytesInPath + '/'.length + trialDigits - 'XXXXXX'.length)
}

/** Whether it belongs to a run: the directories of trials, and compiled modules. */
export function isTemporary(path: string): boolean {
  return path.startsWith(join(tmpdir(), prefix))
}

/** Removes what is there, if it can. */
export function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    // Somebody still writes there; the next run finds it.
  }
}

/** Removes the folders of processes that ended without doing so. */
export function removeLitter(): void {
  const folder = tmpdir()
  for (const name of namesIn(folder)) {
    const [, owner] = /^agent-chaos-(\d+)-[0-9A-Za-z]+$/.exec(name) ?? []
    if (owner === undefined || !isGone(Number(owner))) continue
    const path = join(folder, name)
    if (isOld(path)) remove(path)
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function isOld(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > litterAfterMs
  } catch {
    return false
  }
}
