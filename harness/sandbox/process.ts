/**
 * What a trial takes over of its process beside time and chance, and gives back afterwards. That is the handlers of
 * last resort, and the environment of the vendors' clients.
 */
import { UserError } from '../contracts/errors.js'
import { enterLines } from './lines.js'
import { holdBack, loopDrains } from './runner.js'

let capable: Promise<boolean> | undefined

/**
 * Whether this process lets its event loop drain, without which virtual time cannot know when the agent waits. It is found
 * out once.
 */
export function canRunTrials(): Promise<boolean> {
  capable ??= loopDrains()
  return capable
}

/** Rejects with a `UserError` where this process cannot run trials. */
export async function requireDrainingLoop(): Promise<void> {
  if (await canRunTrials()) return
  throw new UserError(
    'this process keeps its event loop alive, so a trial in it could not tell waiting from working: ' +
      'expected a Node process or a test runner whose own handles can be held back (Vitest with pool "forks" or ' +
      '"threads", node:test, AVA); run the scenario with the command "agent-chaos run" instead',
  )
}

/** Takes the process over for one trial, its environment set to `variables`; returns what gives it back. */
export function takeOver(
  variables: Readonly<Record<string, string | undefined>>,
  unhandled: (how: 'rejection' | 'exception', error: unknown) => void,
): () => void {
  const giveBack = holdBack()
  // What was held back with the rest is held again where an answer is due.
  enterLines()
  const undo = [
    giveBack,
    swapListeners('unhandledRejection', (error) => unhandled('rejection', error)),
    swapListeners('uncaughtException', (error) => unhandled('exception', error)),
    swapEnvironment(variables),
  ]
  return () => {
    for (const step of undo.reverse()) step()
  }
}

function swapListeners(event: 'unhandledRejection' | 'uncaughtException', listener: (error: unknown) => void) {
  const others = process.rawListeners(event)
  process.removeAllListeners(event)
  process.on(event, listener)
  return () => {
    process.removeAllListeners(event)
    for (const other of others) process.on(event, other as (...args: unknown[]) => void)
  }
}

function swapEnvironment(values: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.entries(values).map(([name, value]) => [name, setVariable(name, value)] as const)
  return () => {
    for (const [name, value] of before) setVariable(name, value)
  }
}

/** Returns what it was before. */
function setVariable(name: string, value: string | undefined): string | undefined {
  const before = process.env[name]
  // Reading and writing the environment are calls into the system, and in a worker there is nothing to change.
  if (before === value) return before
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
  return before
}
