/** Files that a command writes: that they can be written is known before an hour of trials, and not after it. */
import { accessSync, closeSync, constants, mkdirSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UserError } from '../../contracts/errors.js'
import type { Io } from '../context.js'

export interface Output {
  /** Whether standard output carries it, so that what is for people must go elsewhere. */
  readonly isStdout: boolean
  write(text: string): void
  /** Removes the file that the check made, where nothing was written to it. */
  abandon(): void
}

/** `-` is standard output. A folder that is missing is made. Throws a `UserError` where the file cannot be written. */
export function openOutput(option: string, file: string, { cwd, stdout }: Pick<Io, 'cwd' | 'stdout'>): Output {
  if (file === '-') return { isStdout: true, write: (text) => stdout.write(text), abandon: () => undefined }
  if (file === '') throw new UserError(`${option} takes the name of a file, or - for standard output, not ""`)
  const path = resolve(cwd, file)
  const isNew = attempted(option, file, () => claim(path, file))
  let isTried = false
  return {
    isStdout: false,
    write: (text) => {
      isTried = true
      attempted(option, file, () => writeFileSync(path, text))
    },
    abandon: () => {
      if (isNew && !isTried) rmSync(path, { force: true })
    },
  }
}

/** Whether the file had to be made. What is in it stays until there is something to put in its place. */
function claim(path: string, file: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) throw new UserError(`it must be a file, and ${file} is a folder`)
  if (found === undefined) mkdirSync(dirname(path), { recursive: true })
  // A pipe would take being opened and closed for the end of what it is to carry.
  if (found !== undefined && !found.isFile()) accessSync(path, constants.W_OK)
  else closeSync(openSync(path, 'a'))
  return found === undefined
}

function attempted<T>(option: string, file: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    throw new UserError(`${option} ${file} cannot be written: ${because}`)
  }
}
