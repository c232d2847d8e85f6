/**
 * The time that a test may take. A search takes longer than a test runner allows by itself. Where the runner lets a module say so
 * as it loads, tests of the files that load this package have more. Nothing is said where the user has.
 */

/** No search takes as long; a trial has bounds of its own. */
export const timeLimitMs = 1_800_000

/** By which Jest knows what `jest.setTimeout` set, of one file. */
export const jestKey = 'TEST_TIMEOUT_SYMBOL'

interface BunTest {
  readonly setDefaultTimeout?: (ms: number) => void
}

/** Of Jest with ES modules, and of Bun. */
export function allowTime(): void {
  if (process.env.JEST_WORKER_ID !== undefined) {
    const key = Symbol.for(jestKey)
    if (Reflect.get(globalThis, key) === undefined) Reflect.set(globalThis, key, timeLimitMs)
  }
  if (process.versions.bun === undefined) return
  const tests: unknown = process.getBuiltinModule('bun:test')
  ;(tests as BunTest | undefined)?.setDefaultTimeout?.(timeLimitMs)
}
