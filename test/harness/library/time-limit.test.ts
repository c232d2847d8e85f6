/** Proves that a test of a runner that lets a module say so has the time of a search, and keeps what its user has set. */
import { afterEach, expect, it } from 'vitest'
import { allowTime, timeLimitMs } from '../../../harness/library/time-limit.js'

interface Worker {
  config: { testTimeout: number }
}
const worker = (globalThis as unknown as { __vitest_worker__: Worker }).__vitest_worker__
const { testTimeout } = worker.config

afterEach(() => {
  worker.config.testTimeout = testTimeout
})

it.each([
  ["of five seconds, which are nobody's wish", 5_000, timeLimitMs],
  ['that its user has set', 7_000, 7_000],
])('in Vitest, in place of a limit %s', (_, before, after) => {
  worker.config.testTimeout = before
  allowTime()
  expect(worker.config.testTimeout).toBe(after)
})
