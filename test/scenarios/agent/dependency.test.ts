/** Retries outside, breaker inside, a deadline within: the order in which they are put together is what makes them work. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Dependency, type DependencyOptions } from '../../../scenarios/agent/dependency.js'
import { type Policy, policies } from '../../../scenarios/agent/policy.js'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const policy: Policy = { ...policies.errand, attemptsMax: 5, breakerAfter: 3, breakerResetMs: 30_000 }
const unavailable = Object.assign(new Error('503'), { status: 503 })

function dependency(options: Partial<DependencyOptions> = {}, changed: Partial<Policy> = {}) {
  return new Dependency('the service', { ...policy, ...changed }, { msMax: 15_000, ...options })
}

/** What came of a promise, with all the time in the world. */
async function outcome<T>(promise: Promise<T>): Promise<T | string> {
  const settled = promise.catch((error: Error) => error.message)
  await vi.runAllTimersAsync()
  return settled
}

describe('Dependency', () => {
  it('opens within one series of retries, and fails at once where there is another way', async () => {
    const work = vi.fn(() => Promise.reject(unavailable))
    expect(await outcome(dependency({ waits: false }).call(work))).toContain('left alone for now')
    expect(work).toHaveBeenCalledTimes(3)
  })

  it('tries again where an answer tells of an error, and counts that against the other side', async () => {
    const answers = [{ error: 'busy' }, new Error('busy'), { ok: true }]
    const work = vi.fn(async () => answers.shift())
    expect(await outcome(dependency().call(work))).toEqual({ ok: true })
    const failing = vi.fn(async () => ({ isError: true }))
    expect(await outcome(dependency({ waits: false }).call(failing))).toContain('left alone for now')
    expect(failing).toHaveBeenCalledTimes(3)
  })

  it('waits for the end of the rest where there is no other way, and then tries', async () => {
    const at: number[] = []
    const work = () => {
      at.push(Date.now())
      return at.length < 4 ? Promise.reject(unavailable) : Promise.resolve('done')
    }
    expect(await outcome(dependency().call(work))).toBe('done')
    expect((at[3] ?? 0) - (at[2] ?? 0)).toBeGreaterThanOrEqual(30_000)
  })

  it('rests for as long by the monotonic clock, wherever the wall clock goes', async () => {
    const service = dependency({ waits: false })
    await outcome(service.call(() => Promise.reject(unavailable)))
    vi.setSystemTime(Date.now() + 86_400_000)
    expect(service.rests).toBe(true)
    vi.setSystemTime(Date.now() - 2 * 86_400_000)
    vi.advanceTimersByTime(30_000)
    expect(service.rests).toBe(false)
    expect(await outcome(service.call(async () => 'done'))).toBe('done')
  })

  it('opens again when the first try after the rest fails', async () => {
    const service = dependency({ waits: false })
    await outcome(service.call(() => Promise.reject(unavailable)))
    vi.advanceTimersByTime(30_000)
    const probe = vi.fn(() => Promise.reject(unavailable))
    await outcome(service.call(probe))
    expect(probe).toHaveBeenCalledTimes(1)
    expect(service.rests).toBe(true)
  })

  it('lets one of several try after the rest, and spares the others when that one fails', async () => {
    const service = dependency({ waits: false })
    await outcome(service.call(() => Promise.reject(unavailable)))
    vi.advanceTimersByTime(30_000)
    const probe = vi.fn(() => Promise.reject(unavailable))
    const calls = Promise.allSettled(Array.from({ length: 5 }, () => service.call(probe)))
    await outcome(calls)
    expect(probe).toHaveBeenCalledTimes(1)
  })

  it('tells whoever watches over breakers of its own', async () => {
    const reported: string[] = []
    const watched = dependency({
      monitor: (breaker, name) => breaker.onBreak(() => reported.push(`${name} is left alone`)),
    })
    await outcome(watched.call(() => Promise.reject(unavailable)))
    expect(reported).toContain('the service is left alone')
  })

  it('neither retries a refusal nor holds it against the service', async () => {
    const service = dependency()
    const work = vi.fn(() => Promise.reject(Object.assign(new Error('400'), { status: 400 })))
    for (let n = 0; n < 5; n++) expect(await outcome(service.call(work))).toBe('400')
    expect(work).toHaveBeenCalledTimes(5)
    expect(service.rests).toBe(false)
  })

  it('gives up on what hangs, tells it so, and tries again', async () => {
    const signals: AbortSignal[] = []
    const work = (signal: AbortSignal) => {
      signals.push(signal)
      return signals.length === 1 ? new Promise<string>(() => {}) : Promise.resolve('done')
    }
    expect(await outcome(dependency().call(work))).toBe('done')
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  })

  it('comes back no sooner than it is asked to', async () => {
    const at: number[] = []
    const busy = Object.assign(new Error('429'), { status: 429, headers: new Headers({ 'retry-after': '45' }) })
    const work = () => {
      at.push(Date.now())
      return at.length === 1 ? Promise.reject(busy) : Promise.resolve('done')
    }
    expect(await outcome(dependency().call(work))).toBe('done')
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(45_000)
  })

  it('begins nothing once it is called off', async () => {
    const work = vi.fn(async () => 'done')
    expect(await outcome(dependency({ signal: AbortSignal.abort() }).call(work))).toBe('it was called off')
    expect(work).not.toHaveBeenCalled()
  })

  it('still undoes when it is called off', async () => {
    const watch = { admit: () => {}, onEnd: () => {}, undoes: true }
    const work = async () => 'undone'
    expect(await outcome(dependency({ signal: AbortSignal.abort() }).call(work, watch))).toBe('undone')
  })
})
