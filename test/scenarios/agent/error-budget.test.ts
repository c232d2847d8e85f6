/** An error budget is spent by too many failures, whatever went well between them, and recovers with time. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ErrorBudget } from '../../../scenarios/agent/error-budget.js'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['hrtime'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const options = { target: 0.7, window: 10, recoverAfterMs: 45_000 }
const ok = { kind: 'ok' } as const
const failedAttempt = (status = 503) => ({ kind: 'failed', error: Object.assign(new Error('no'), { status }) }) as const

describe('ErrorBudget', () => {
  it('is spent by one failure more than it holds, though others went well', () => {
    const budget = new ErrorBudget(options)
    for (let n = 0; n < 3; n++) {
      budget.onEnd(failedAttempt())
      budget.onEnd(ok)
    }
    expect(budget.spent).toBe(false)
    expect(() => budget.onEnd(failedAttempt())).toThrow('the error budget is spent')
    expect(() => budget.admit()).toThrow('the error budget is spent')
  })

  it('forgets failures that left the window', () => {
    const budget = new ErrorBudget(options)
    for (let n = 0; n < 3; n++) budget.onEnd(failedAttempt())
    for (let n = 0; n < 10; n++) budget.onEnd(ok)
    budget.onEnd(failedAttempt())
    expect(budget.spent).toBe(false)
  })

  it('does not charge requests that were wrong', () => {
    const budget = new ErrorBudget(options)
    for (let n = 0; n < 10; n++) budget.onEnd(failedAttempt(400))
    expect(budget.spent).toBe(false)
  })

  it('begins anew when it has recovered', () => {
    const budget = new ErrorBudget(options)
    for (let n = 0; n < 3; n++) budget.onEnd(failedAttempt())
    expect(() => budget.onEnd(failedAttempt())).toThrow()
    vi.advanceTimersByTime(44_999)
    expect(budget.spent).toBe(true)
    vi.advanceTimersByTime(1)
    expect(budget.spent).toBe(false)
    budget.onEnd(failedAttempt())
    expect(budget.spent).toBe(false)
  })
})
