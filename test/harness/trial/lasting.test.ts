/** Proves what becomes of a drawn fault that lasts: it strikes what follows at its site, in order, and outlives a crash. */
import { catalogue, type Injection } from 'agent-chaos/faults'
import { describe, expect, it } from 'vitest'
import type { OpenCrossing } from '../../../harness/contracts/crossing.js'
import type { Draw } from '../../../harness/trial/chance.js'
import { Injector, type InjectorSnapshot } from '../../../harness/trial/injector.js'
import { Recorder } from '../../../harness/trial/recorder.js'

const outage = (from: number, ms: number): Injection => ({
  sites: [{ boundary: 'tool', target: 'refund' }],
  when: { kind: 'outage', from, ms },
  faults: [{ fault: 'tool/unavailable', params: {} }],
})

const span = (from: number, to: number, fault = 'tool/unavailable'): Injection => ({
  sites: [{ boundary: 'tool', target: 'refund' }],
  when: { kind: 'span', from, to, attempt: 1 },
  faults: [{ fault, params: {} }],
})

/** What is drawn, by occurrence, at first attempts. */
function world(
  drawn: Readonly<Record<number, Injection>>,
  before?: InjectorSnapshot,
  start = 0,
  planned: readonly Injection[] = [],
) {
  const clock = { now: start }
  const recorder = new Recorder(() => clock.now, { made: false, portable: (text) => text })
  const draw: Draw = ({ address: { occurrence, attempt } }) => (attempt === 1 ? drawn[occurrence] : undefined)
  const injector = new Injector(planned, catalogue, recorder, before, planned.length > 0 ? undefined : draw)
  /** Opens a crossing, and says by what kind of action it ends, if a fault ends it. */
  const cross = (target: string, input: string): string | undefined => {
    const request = { kind: 'call', arguments: [input] } as const
    const opening = { target, request, identity: input, argument: () => undefined, traits: [], parent: null }
    const crossing: OpenCrossing<'tool'> = injector.open('tool', opening)
    const { ending } = crossing.treatment
    if (ending) crossing.strike()
    crossing.finish(
      ending
        ? { kind: 'failed', failure: { kind: 'error' }, error: { name: 'E', message: '' }, class: 'unknown' }
        : { kind: 'ok', output: '' },
    )
    return ending?.kind
  }
  return { clock, injector, cross }
}

describe('an outage that was planned', () => {
  it('is over to the millisecond, and does not come again', () => {
    const { clock, cross } = world({}, undefined, 0, [outage(2, 1_000)])
    const at = (ms: number, input: string) => {
      clock.now = ms
      return cross('refund', input)
    }
    expect([at(0, 'a'), at(10, 'b'), at(1_009, 'c'), at(1_010, 'd'), at(1_500, 'e')]).toEqual([
      undefined,
      'reject',
      'reject',
      undefined,
      undefined,
    ])
  })
})

describe('a fault that was planned for a time', () => {
  it('strikes from its first millisecond on, and up to the last before its end', () => {
    const when = { kind: 'window', fromMs: 100, toMs: 200 } as const
    const { clock, cross } = world({}, undefined, 0, [{ ...span(1, 1), when }])
    const seen = [99, 100, 199, 200].map((ms) => {
      clock.now = ms
      return cross('refund', String(ms))
    })
    expect(seen).toEqual([undefined, 'reject', 'reject', undefined])
  })

  it('is on record with its end, and what is planned for crossings without one', () => {
    const when = { kind: 'window', fromMs: 100, toMs: 200 } as const
    const { injector } = world({}, undefined, 0, [{ ...span(1, 1), when }, span(1, 1)])
    expect(injector.records().map(({ endsAt }) => endsAt)).toEqual([200, null])
  })
})

describe('a series', () => {
  const series = (from: number, count: number | null, every: number): Injection => ({
    ...span(1, 1),
    when: { kind: 'series', from, count, every },
  })
  const crossAll = (injection: Injection, inputs: string) => {
    const { cross } = world({}, undefined, 0, [injection])
    return [...inputs].map((input) => (cross('refund', input) ? 'x' : '-')).join('')
  }

  it('strikes so many crossings in a row, whether each is a retry or something new, and then none', () => {
    expect(crossAll(series(1, 3, 1), 'aaaaa')).toBe('xxx--')
    expect(crossAll(series(2, 3, 1), 'abbcde')).toBe('-xxx--')
  })

  it('strikes every other crossing, for ever or a number of times', () => {
    expect(crossAll(series(1, null, 2), 'aabbcc')).toBe('x-x-x-')
    expect(crossAll(series(1, 2, 2), 'abcdef')).toBe('x-x---')
  })

  it('goes on in the process that follows a crash where it was', () => {
    const first = world({}, undefined, 0, [series(1, 3, 1)])
    expect([first.cross('refund', 'a'), first.cross('refund', 'a')]).toEqual(['reject', 'reject'])
    const next = world({}, first.injector.snapshot(), 0, [series(1, 3, 1)])
    expect([next.cross('refund', 'a'), next.cross('refund', 'a')]).toEqual(['reject', undefined])
  })
})

describe('calls that failed', () => {
  it('are each tried again for themselves', () => {
    const attempt = (n: number): Injection => ({ ...span(1, 2), when: { kind: 'span', from: 1, to: 2, attempt: n } })
    const { cross } = world({}, undefined, 0, [attempt(1), attempt(2)])
    expect(['a', 'b', 'a', 'b', 'a'].map((input) => cross('refund', input))).toEqual([
      ...Array.from({ length: 4 }, () => 'reject'),
      undefined,
    ])
  })
})

describe('a crash', () => {
  const opening = (target: string, input: string) =>
    ({
      target,
      request: { kind: 'call', arguments: [input] },
      identity: input,
      argument: () => undefined,
      traits: [],
      parent: null,
    }) as const

  it('makes what was under way a failure for its caller, so that the same call is a further attempt', () => {
    const { injector, cross } = world({}, undefined, 0, [span(1, 1)].map(secondAttempt))
    injector.open('tool', opening('refund', 'a'))
    injector.abandon()

    expect([cross('refund', 'b'), cross('refund', 'a')]).toEqual([undefined, 'reject'])
  })

  it('leaves it on record what a fault had lacked before', () => {
    const planned = [{ ...span(1, 1, 'effect/partial'), sites: [{ boundary: 'effect', target: 'refund' }] } as const]
    const first = world({}, undefined, 0, planned)
    first.injector.open('effect', opening('refund', 'a'))
    const next = world({}, JSON.parse(JSON.stringify(first.injector.snapshot())), 0, planned)
    const records = [{ status: 'reached', lack: 'it needs a crossing with steps' }]

    expect(first.injector.records()).toMatchObject(records)
    expect(next.injector.records()).toMatchObject(records)
    expect(world({}, undefined, 0, planned).injector.records()[0]).not.toHaveProperty('lack')
  })

  const secondAttempt = (injection: Injection): Injection => ({
    ...injection,
    when: { kind: 'span', from: 1, to: 1, attempt: 2 },
  })
})

describe('an outage that was drawn', () => {
  it('strikes every crossing of its site, retries too, until it is over', () => {
    const { clock, cross, injector } = world({ 2: outage(2, 1_000) })
    const seen = [cross('refund', 'a'), cross('refund', 'b')]
    clock.now = 500
    seen.push(cross('refund', 'b'), cross('refund', 'c'), cross('search', 'a'))
    clock.now = 1_000
    seen.push(cross('refund', 'b'))
    expect(seen).toEqual([undefined, 'reject', 'reject', 'reject', undefined, undefined])
    expect(injector.records()).toMatchObject([
      { text: 'tool:refund#2 +1s = tool/unavailable', status: 'landed', endsAt: 1_000 },
    ])
  })

  it('goes on in a further process after a crash', () => {
    const before = world({ 1: outage(1, 1_000) })
    expect(before.cross('refund', 'a')).toBe('reject')
    const after = world({}, JSON.parse(JSON.stringify(before.injector.snapshot())), 900)
    expect(after.cross('refund', 'b')).toBe('reject')
    after.clock.now = 1_000
    expect(after.cross('refund', 'c')).toBeUndefined()
    expect(after.injector.plan).toEqual([outage(1, 1_000)])
  })

  it('masks what is drawn while it lasts, and what is drawn lasts for itself', () => {
    const { clock, cross, injector } = world({ 1: outage(1, 1_000), 2: outage(2, 3_000), 3: span(3, 3) })
    const seen = [cross('refund', 'a'), cross('refund', 'b')]
    clock.now = 2_000
    seen.push(cross('refund', 'c'), cross('refund', 'd'))
    clock.now = 3_000
    seen.push(cross('refund', 'e'))
    expect(seen).toEqual(['reject', 'reject', 'reject', 'reject', undefined])
    expect(injector.records().map(({ status }) => status)).toEqual(['landed', 'landed', 'masked'])
  })
})

describe('a burst that was drawn', () => {
  it('strikes the calls that follow, each at the same attempt', () => {
    const { cross } = world({ 2: span(2, 4) })
    const calls = ['a', 'b', 'b', 'c', 'd', 'd', 'e']
    expect(calls.map((input) => cross('refund', input))).toEqual([
      undefined,
      'reject',
      undefined,
      'reject',
      'reject',
      undefined,
      undefined,
    ])
  })
})
