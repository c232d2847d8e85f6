/** Proves that a trial is refused while a runner's fake timers are on, and is what it was when they are off. */
import { mock } from 'node:test'
import 'agent-chaos/register'
import { runTrial } from 'agent-chaos'
import { afterEach, describe, expect, it, vi } from 'vitest'
import refund from '../fixtures/shop/refund.chaos.js'

afterEach(() => {
  vi.useRealTimers()
  mock.timers.reset()
})

describe('fake timers', () => {
  it.each([
    ['of Vitest', () => vi.useFakeTimers(), 'setTimeout, setInterval, Date'],
    ['of Vitest, of dates alone', () => vi.useFakeTimers({ toFake: ['Date'] }), 'Date'],
    ['of node:test', () => mock.timers.enable({ apis: ['setTimeout'] }), 'setTimeout'],
  ])('%s are told of, and nothing is judged by them', async (_, fake, what) => {
    const { digest } = await runTrial(refund)
    fake()
    await expect(runTrial(refund)).rejects.toThrow(`fake timers are on: ${what} would not be the trial's`)
    vi.useRealTimers()
    mock.timers.reset()
    expect((await runTrial(refund)).digest).toBe(digest)
  })

  it('that somebody wrapped and that pass on are no matter', async () => {
    const { setTimeout } = globalThis
    globalThis.setTimeout = ((...args: Parameters<typeof setTimeout>) => setTimeout(...args)) as typeof setTimeout
    const { trace } = await runTrial(refund)
    globalThis.setTimeout = setTimeout
    expect(trace.end).toEqual({ kind: 'returned' })
  })
})
