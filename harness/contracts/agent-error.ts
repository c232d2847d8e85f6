/**
 * Errors as the agent gets them. Many a framework passes an error's stack on to the model. A stack with the harness's
 * own frames would differ from machine to machine, and with what ran before. A trial could not be repeated then.
 */
import { fileURLToPath, pathToFileURL } from 'node:url'
import { stackOf } from './hostile-value.js'

/** An error that the simulated world makes: its stack is its first line alone. */
export function forAgent<E>(error: E): E {
  if (!(error instanceof Error)) return error
  const { name, message } = error
  return withStack(error, message === '' ? name : `${name}: ${message}`)
}

/** An error of the user's own code that passes through the harness: neither our frames nor Node's own stay in its stack. */
export function withTheirFrames<E>(error: E): E {
  const stack = stackOf(error)
  if (typeof stack !== 'string') return error
  const theirs = stack
    .split('\n')
    .filter((line) => !isFrame.test(line) || !notTheirs.some((place) => line.includes(place)))
    .join('\n')
  return theirs === stack ? error : withStack(error as E & Error, theirs)
}

/** Why a signal is aborted; the same words as where none is given. */
export function abortError(): DOMException {
  return forAgent(new DOMException('This operation was aborted', 'AbortError'))
}

const isFrame = /^\s+at /
const here = fileURLToPath(new URL('../', import.meta.url))
const faults = fileURLToPath(new URL('../../faults/', import.meta.url))
/** Frames name files by path or by URL. Node's own are there or not by how the event loop came to the code. */
const notTheirs = ['node:internal/', ...[here, faults].flatMap((folder) => [folder, pathToFileURL(folder).href])]

function withStack<E extends Error>(error: E, stack: string): E {
  // A frozen error stays as its maker made it.
  if (Object.isExtensible(error)) {
    Object.defineProperty(error, 'stack', { value: stack, writable: true, configurable: true, enumerable: false })
  }
  return error
}
