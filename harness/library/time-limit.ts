/**
 * The time that a test may take. A search takes longer than a test runner allows by itself. Where the runner lets a module say so
 * as it loads, tests of the files that load this package have more. Nothing is said where the user has.
 */

/** No search takes as long; a trial has bounds of its own. */
export const timeLimitMs = 1_800_000

/** By which Jest knows what `jest.setTimeout` set, of one file. */
export const jestKey = 'TEST_TIMEOUT_SYMBOL'

/** By which Vitest keeps what `vi.setConfig` sets, of one file; and the limit of those who set none. */
const vitestKey = '__vitest_worker__'
const vitestDefaultMs = 5_000

interface VitestWorker {
  readonly config?: { testTimeout?: number }
}

interface BunTest {
  readonly setDefaultTimeout?: (ms: number) => void
}

/** Of Jest with ES modules, of Vitest, and of Bun. */
export function allowTime(): void {
  const { config } = (Reflect.get(globalThis, vitestKey) ?? {}) as VitestWorker
  if (config?.testTimeout === vitestDefaultMs) config.testTimeout = timeLimitMs
  if (process.env.JEST_WORKER_ID !== undefined) {
    const key = Symbol.for(jestKey)
    if (Reflect.get(globalThis, key) === undefined) Reflect.set(globalThis, key, timeLimitMs)
  }
  if (process.versions.bun === undefined) return
  const tests: unknown = process.getBuiltinModule('bun:test')
  ;(tests as BunTest | undefined)?.setDefaultTimeout?.(timeLimitMs)
}
