/** Proves what is remarked on how breakers are put together, and that nothing else is. */
import { breakerConforms, breakerProfiles, type DependencyBreaker } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { BreakerRemarks } from '../../../../harness/contracts/breaker.js'
import { breakerRemarks } from '../../../../harness/invariants/breaker/lint.js'
import { TraceBuilder } from '../../../support/invariants/trace-builder.js'

const site = 'tool:search'
const consecutive = breakerProfiles.cockatiel({ consecutive: 3, halfOpenAfter: 1_000 })

const remarks = (trace: TraceBuilder, ...dependencies: readonly DependencyBreaker[]) =>
  breakerRemarks(trace.build(), [breakerConforms({ dependencies })])

const nothing: BreakerRemarks = { site, triesAtMost: 1, statusesCounted: [] }
const observe = () => new TraceBuilder().breaker(site, 'observed')

/** Fails, and the breaker counts it. */
function count(trace: TraceBuilder, input: string, status = 503): TraceBuilder {
  trace.fail(trace.call(site, { input }), 'unknown', { status })
  return trace.breaker(site, { event: 'failed', tookMs: 0 })
}

describe('the lint of breakers', () => {
  it('has nothing to say where none was observed', () => {
    expect(remarks(count(new TraceBuilder(), 'a', 400))).toEqual([])
  })

  it('has nothing against retries outside, calls side by side, and failures of the service', () => {
    const trace = count(count(observe(), 'same'), 'same')
    const both = [trace.call(site, { input: 'a' }), trace.call(site, { input: 'b' })]
    for (const crossing of both) trace.ok(crossing).breaker(site, { event: 'succeeded', tookMs: 0 })
    expect(remarks(trace)).toEqual([nothing])
  })
})

describe('retries inside a breaker', () => {
  const tryTimes = (times: number, news: 'timed' | 'untimed', trace = observe()) => {
    for (let n = 0; n < times; n++) trace.at(n * 100).fail(trace.call(site, { input: 'same' }), 'transient')
    return trace.breaker(site, news === 'timed' ? { event: 'failed', tookMs: (times - 1) * 100 } : 'failed')
  }

  it.each(['timed', 'untimed'] as const)('are named, with how many there were at most: %s', (news) => {
    expect(remarks(tryTimes(3, news))).toEqual([{ ...nothing, triesAtMost: 3 }])
    expect(remarks(count(tryTimes(2, news).at(5_000), 'other'))).toEqual([{ ...nothing, triesAtMost: 2 }])
  })

  it('are not one last try that goes past it', () => {
    const trace = count(observe(), 'same').at(100)
    trace.fail(trace.call(site, { input: 'same' }), 'transient')
    expect(remarks(count(trace.at(200), 'same'))).toEqual([nothing])
  })

  it('are not several requests of one call', () => {
    const trace = observe()
    for (const input of ['page 1', 'page 2']) trace.ok(trace.call(site, { input }))
    expect(remarks(trace.breaker(site, { event: 'succeeded', tookMs: 0 }))).toEqual([nothing])
  })
})

describe('mistakes of the caller', () => {
  it('are named where the breaker counts them, each status once', () => {
    const trace = count(count(count(observe(), 'a', 422), 'b', 400), 'c', 422)
    expect(remarks(trace)).toEqual([{ ...nothing, statusesCounted: [400, 422] }])
  })

  it.each([408, 425, 429, 500, 503])('are not errors that say "later" or "not you": %s', (status) => {
    expect(remarks(count(observe(), 'a', status))).toEqual([nothing])
  })

  it('are not named where it ignores them, nor where it may have counted something else', () => {
    const ignored = observe()
    ignored.fail(ignored.call(site), 'unknown', { status: 400 })
    expect(remarks(ignored.breaker(site, { event: 'ignored', tookMs: 0 }))).toEqual([nothing])
    const either = observe()
    const [mistake, trouble] = [either.call(site, { input: 'a' }), either.call(site, { input: 'b' })]
    either.fail(mistake, 'unknown', { status: 400 }).fail(trouble, 'unknown', { status: 503 })
    expect(remarks(either.breaker(site, { event: 'failed', tookMs: 0 }))).toEqual([nothing])
  })
})

describe('a threshold out of reach', () => {
  const volume = (trace: TraceBuilder, breaker: Omit<DependencyBreaker, 'site'>) =>
    remarks(trace, { ...breaker, site })[0]?.volume
  const calls = (...times: readonly number[]) => {
    const trace = observe()
    for (const at of times) count(trace.at(at), `${at}`)
    return trace
  }

  it('is told from one that was reached, over the attempt of the agent', () => {
    expect(volume(calls(0, 60_000), consecutive)).toEqual({ seen: 2, needed: 3 })
    expect(volume(calls(0, 60_000, 120_000), consecutive)).toEqual({ seen: 3, needed: 3 })
    expect(volume(calls(0, 1).at(2).restart().breaker(site, 'observed'), consecutive)).toEqual({ seen: 2, needed: 3 })
  })

  it('is measured in the busiest window, calls that were turned away included', () => {
    const profile = breakerProfiles.opossum({ volumeThreshold: 20 })
    const trace = calls(0, 5_000, 20_000, 21_000, 22_000).breaker(site, 'rejected')
    expect(volume(trace, profile)).toEqual({ seen: 4, needed: 20, withinMs: 10_000 })
  })

  it('is asked only of breakers that are judged', () => {
    expect(remarks(calls(0))).toEqual([nothing])
  })
})
