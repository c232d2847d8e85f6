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
const failed = (status = 503) => ({ kind: 'failed', error: Object.assign(new Error('no'), { status }) }) as const

describe('ErrorBudget', () => {
  it('is spent by one failure more than it holds, though others went well', () => {
    const budget = new ErrorBudget(options)
    for (let n = 0; n < 3; n++) {
      budget.ended(failed())
      budget.ended(ok)
    }
    expect(budget.spent).toBe(false)
    expect(() => budget.ended(failed())).toThrow('the error budget is spent')
    expect(() => budget.admit()).toThrow('the error budget is spent')
  })

  it('forgets failures that left the window', () => {
    const budget = new ErrorBudget(options)
    for (let n = 0; n < 3; n++) budget.ended(failed())
    for (let n = 0; n < 10; n++) budget.ended(ok)
    budget.ended(failed())
    expect(budget.spent).toBe(false)
  })

  it('does not charge requests that were wrong', () => {
    const budget = new ErrorBudget(options)
    for (let n = 0; n < 10; n++) budget.ended(failed(400))
    expect(budget.spent).toBe(false)
  })

  it('begins anew when it has recovered', () => {
    const budget = new ErrorBudget(options)
    for (let n = 0; n < 3; n++) budget.ended(failed())
    expect(() => budget.ended(failed())).toThrow()
    vi.advanceTimersByTime(44_999)
    expect(budget.spent).toBe(true)
    vi.advanceTimersByTime(1)
    expect(budget.spent).toBe(false)
    budget.ended(failed())
    expect(budget.spent).toBe(false)
  })
})
