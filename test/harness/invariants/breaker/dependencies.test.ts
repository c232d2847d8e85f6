/** Proves that a dependency's breaker is judged by its profile: when it must open, what must not get through, and when. */
import { type BreakerProfile, breakerProfiles, breakerTrips, type DependencyBreaker } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../../support/invariants/trace-builder.js'

const site = 'tool:search'
const afterThree: BreakerProfile = { trips: { kind: 'consecutive', failures: 3 }, resetAfterMs: 1_000 }

const judge = (trace: TraceBuilder, breaker: Partial<DependencyBreaker> = {}) =>
  breakerTrips({ dependencies: [{ site, ...afterThree, ...breaker }] }).check(trace.build(), undefined)

let calls = 0

/** Calls one after another at the given time: `x` fails for the moment, `d` for good, `.` succeeds. */
function run(outcomes: string, trace = new TraceBuilder(), at = 0, target = site): TraceBuilder {
  trace.at(at)
  for (const outcome of outcomes) {
    const crossing = trace.call(target, { input: String(calls++) })
    if (outcome === '.') trace.ok(crossing)
    else trace.fail(crossing, outcome === 'x' ? 'transient' : 'definite', { status: outcome === 'x' ? 503 : 400 })
  }
  return trace
}

describe('a breaker before a dependency', () => {
  it('is not put to the test where it never has to open, and says which', () => {
    expect(judge(run('xx.xx'))).toEqual({
      kind: 'vacuous',
      because: 'no limit was reached: the breaker before tool:search',
    })
  })

  it('holds where nothing gets through until the reset time is over', () => {
    expect(judge(run('.', run('xxx'), 1_000))).toEqual({ kind: 'held' })
  })

  it('is broken by a call that gets through before, which is the evidence beside what should have opened it', () => {
    expect(judge(run('.', run('xxx'), 999))).toEqual({
      kind: 'violated',
      signature: 'open:tool:search',
      story: 'A call reached tool:search while the breaker before tool:search had to be open.',
      evidence: [5, 6],
    })
  })

  it('may take a deceptive answer for a success, whatever stands in it', () => {
    const trace = run('xx')
    const deceived = trace.call(site, { input: 'deceived' })
    trace.fault(deceived, 'deceptive', {}, ['pretend']).ok(deceived, { error: 'down' })
    expect(judge(run('x.', trace))).toMatchObject({ kind: 'vacuous' })
  })

  it('is broken in the same instant too, where nothing else is under way', () => {
    expect(judge(run('xxxx'))).toMatchObject({ kind: 'violated', evidence: [5, 6] })
  })

  it('exempts calls that were in flight when it opened', () => {
    const trace = new TraceBuilder()
    const flight = Array.from({ length: 10 }, (_, n) => trace.call(site, { input: `flight ${n}` }))
    for (const crossing of flight) trace.fail(crossing, 'transient')
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('excuses as many calls of that instant as other flows were under way, and no more', () => {
    const start = () => {
      const trace = new TraceBuilder()
      trace.call('model:m')
      return run('xxx', trace)
    }
    expect(judge(run('x', start()))).toEqual({ kind: 'held' })
    expect(judge(run('xx', start()))).toMatchObject({ kind: 'violated' })
    expect(judge(run('x', start(), 1))).toMatchObject({ kind: 'violated' })
  })

  it('lets one call try after the reset time, and no second beside it', () => {
    const trace = run('xxx').at(1_000)
    const probe = trace.call(site, { input: 'probe' })
    const flood = trace.call(site, { input: 'flood' })
    expect(judge(trace.ok(probe).ok(flood))).toEqual({
      kind: 'violated',
      signature: 'probes:tool:search',
      story: 'More calls tried tool:search at once than the breaker before tool:search lets through while half open.',
      evidence: [5, 6, 7],
    })
    expect(judge(trace, { probes: 2 })).toEqual({ kind: 'held' })
  })

  it('does not hold a probe that nobody may wait for any more against the next', () => {
    const trace = run('xxx').at(1_000)
    trace.call(site, { input: 'hangs' })
    trace.at(2_000).call(site, { input: 'next' })
    expect(judge(trace)).toEqual({ kind: 'held' })
    expect(judge(trace, { timeoutMs: Number.POSITIVE_INFINITY })).toMatchObject({ signature: 'probes:tool:search' })
  })

  it('opens again when the probe fails, from its failure on', () => {
    const trace = run('x', run('xxx'), 1_500)
    expect(judge(run('.', trace, 2_499))).toMatchObject({ kind: 'violated', evidence: [7, 8] })
    expect(judge(run('.', run('x', run('xxx'), 1_500), 2_500))).toEqual({ kind: 'held' })
  })

  it('closes when the probe succeeds, and forgets', () => {
    expect(judge(run('.xx.xx', run('xxx'), 1_000))).toEqual({ kind: 'held' })
    expect(judge(run('.xxxx', run('xxx'), 1_000))).toMatchObject({ kind: 'violated' })
  })

  it('is not held to staying half open when an older call ends well', () => {
    const trace = new TraceBuilder()
    const slow = trace.call(site, { input: 'slow' })
    run('xxx', trace).at(1_000)
    const probe = trace.call(site, { input: 'probe' })
    trace.ok(slow)
    const next = trace.call(site, { input: 'next' })
    expect(judge(trace.fail(probe, 'transient').ok(next))).toEqual({ kind: 'held' })
  })

  it('starts anew when the agent was restarted', () => {
    expect(judge(run('xx', run('xx').restart()))).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('.', run('xxx').restart()))).toEqual({ kind: 'held' })
    expect(judge(run('xxxx', run('xx').restart()))).toMatchObject({ kind: 'violated' })
  })

  it('is not judged across a jump of the wall clock, by which breakers count', () => {
    const trace = run('xxx').at(10)
    const other = trace.call('model:m')
    trace.fault(other, 'resource', {}, ['clock-jump']).reply(other)
    expect(judge(run('.', trace, 20))).toEqual({ kind: 'held' })
  })

  it('counts on across a jump where it does not count by time, from what it had or from there', () => {
    const jump = (trace: TraceBuilder) => {
      const other = trace.at(10).call('model:m')
      return trace.fault(other, 'resource', {}, ['clock-jump']).reply(other)
    }
    // It may remember the success, and then two failures are no row of three; or what came before, and then they are.
    expect(judge(run('.', run('x', jump(run('xx')), 10), 20))).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('.', run('xxx', jump(run('xx')), 10), 20))).toMatchObject({ kind: 'violated' })
  })

  it('may have opened earlier than its profile, with a failure in whose instant another call still got through', () => {
    const trace = new TraceBuilder()
    const slow = trace.call(site, { input: 'slow' })
    trace.fail(trace.call(site, { input: 'first' }), 'transient')
    const beside = trace.call(site, { input: 'beside' })
    trace.at(800).fail(slow, 'transient').fail(beside, 'transient')
    const waits = { timeoutMs: Number.POSITIVE_INFINITY }
    expect(judge(run('.', trace, 1_000), waits)).toEqual({ kind: 'held' })
    const sooner = new TraceBuilder()
    const calls = ['a', 'b', 'c'].map((input) => sooner.call(site, { input }))
    sooner.at(800)
    for (const call of calls) sooner.fail(call, 'transient')
    expect(judge(run('.', sooner, 1_000), waits)).toMatchObject({ kind: 'violated' })
  })

  it.each<[string, Partial<DependencyBreaker>, 'held' | 'violated']>([
    ['from when it began, where it is not said how long a call is waited for', {}, 'held'],
    ['from its end, where every answer is awaited', { timeoutMs: Number.POSITIVE_INFINITY }, 'violated'],
    ['from when it was given up, where that is said', { timeoutMs: 500 }, 'held'],
  ])('takes the reset time after a slow call %s', (_name, breaker, kind) => {
    const trace = run('xx').at(1)
    const slow = trace.call(site, { input: 'slow' })
    trace.at(4_000).fail(slow, 'indeterminate')
    expect(judge(run('.', trace, 8_000), { resetAfterMs: 7_000, ...breaker })).toMatchObject({ kind })
  })

  it('does not count a slow call that the agent may have given up, and so counted earlier, but one that it awaited', () => {
    const slowly = (meanwhile: boolean) => {
      const trace = run('xx')
      const slow = trace.call(site, { input: 'slow' })
      if (meanwhile) trace.at(2_000).turn()
      return run('.', trace.at(4_000).fail(slow, 'indeterminate'), 4_000)
    }
    expect(judge(slowly(true), { resetAfterMs: 7_000 })).toMatchObject({ kind: 'vacuous' })
    expect(judge(slowly(false), { resetAfterMs: 7_000 })).toMatchObject({ kind: 'violated' })
  })

  it('is not held to failures from before a silence, after which a stricter breaker may have closed', () => {
    expect(judge(run('.', run('x', run('xx'), 1_000), 1_000))).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('.', run('x', run('xx'), 999), 999))).toMatchObject({ kind: 'violated' })
  })

  it('takes the reset time from the first failure since the last call began: a stricter breaker is open from then on', () => {
    const trace = new TraceBuilder()
    const flight = ['a', 'b', 'c'].map((input) => trace.call(site, { input }))
    for (const [n, crossing] of flight.entries()) trace.at(n * 300).fail(crossing, 'transient')
    expect(judge(run('.', trace, 1_000))).toEqual({ kind: 'held' })
    expect(judge(run('.', trace, 999))).toMatchObject({ kind: 'violated' })
  })

  it('may have gone half open by a timer, and closed with an older call, before anything tried', () => {
    const trace = new TraceBuilder()
    const old = trace.call(site, { input: 'old' })
    run('xxx', trace, 10).at(1_500).ok(old)
    const both = [trace.call(site, { input: 'a' }), trace.call(site, { input: 'b' })]
    for (const crossing of both) trace.ok(crossing)
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('may open again when an older call fails, and lets another try once that is over', () => {
    const trace = new TraceBuilder()
    const old = trace.call(site, { input: 'old' })
    run('xxx', trace, 10).at(1_100).call(site, { input: 'probe' })
    trace.at(1_200).fail(old, 'transient').at(2_200).call(site, { input: 'next' })
    const awaited = { timeoutMs: Number.POSITIVE_INFINITY }
    expect(judge(trace, awaited)).toEqual({ kind: 'held' })
    trace.at(2_300).call(site, { input: 'beside it' })
    expect(judge(trace, awaited)).toMatchObject({ signature: 'probes:tool:search' })
  })

  it('counts a call that never ends as failed once nobody waits for it any more', () => {
    const trace = run('xx')
    trace.call(site, { input: 'hangs' })
    run('.', trace, 600)
    expect(judge(trace, { timeoutMs: 500 })).toMatchObject({ kind: 'violated', evidence: [4, 5] })
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('is not tested by an opening that is over before it is known', () => {
    const trace = run('xx')
    const slow = trace.call(site, { input: 'slow' })
    trace.at(5_000).fail(slow, 'indeterminate')
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })
})

describe('what a breaker stands before', () => {
  it('is every site that its pattern matches, as one', () => {
    const trace = run('x', run('x', run('x', new TraceBuilder(), 0, 'tool:a'), 0, 'tool:b'), 0, 'tool:c')
    run('.', trace, 0, 'tool:d')
    expect(judge(trace, { site: 'tool:*' })).toMatchObject({ kind: 'violated', signature: 'open:tool:*' })
  })

  it('is not an exempt site, neither for counting nor for judging', () => {
    const breaker = { site: 'tool:*', exempt: ['tool:cache'] }
    expect(judge(run('.....', run('xxx'), 0, 'tool:cache'), breaker)).toEqual({ kind: 'held' })
    expect(judge(run('xxxxx', new TraceBuilder(), 0, 'tool:cache'), breaker)).toMatchObject({ kind: 'vacuous' })
  })

  it.each(['http:"POST api.example.com/*"', 'http:POST api.example.com/*'])('can be a service: %s', (pattern) => {
    const trace = run('xxx.', new TraceBuilder(), 0, 'http:POST api.example.com/v1/search')
    expect(judge(trace, { site: pattern })).toMatchObject({ kind: 'violated' })
    expect(judge(run('xxx.', new TraceBuilder(), 0, 'http:GET api.example.com/v1'), { site: pattern })).toMatchObject({
      kind: 'vacuous',
    })
  })

  it('is refused where it names no boundary', () => {
    expect(() => breakerTrips({ dependencies: [{ site: 'tol:search', ...afterThree }] })).toThrow(
      '"tol:search" is no site: expected boundary:target, as in tool:search; boundaries are model, tool, effect, http, ' +
        'file. Did you mean "tool"?',
    )
  })
})

describe('what counts as a failure', () => {
  it('is not an error that is for good; it ends a row, unless it is neutral', () => {
    expect(judge(run('ddd.'))).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('xxdx.'))).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('xxdx.'), { uncountedAre: 'neutral' })).toMatchObject({ kind: 'violated' })
  })

  it.each([
    [404, 'vacuous'],
    [409, 'vacuous'],
    [429, 'violated'],
    [500, 'violated'],
    [undefined, 'violated'],
  ] as const)('goes by the status %s where the class is not known', (status, kind) => {
    const trace = new TraceBuilder()
    for (const input of ['1', '2', '3']) {
      trace.fail(trace.call(site, { input }), 'unknown', status === undefined ? {} : { status })
    }
    expect(judge(run('.', trace))).toMatchObject({ kind })
  })

  it('is not an error returned as a value, unless the scenario says so', () => {
    const trace = new TraceBuilder()
    for (const input of ['1', '2', '3', '4']) trace.ok(trace.call(site, { input }), { error: 'no rows' })
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
    expect(judge(trace, { counts: ({ returned }) => returned })).toMatchObject({ kind: 'violated' })
  })
})

describe('a breaker by rate', () => {
  const half = { kind: 'rate', threshold: 0.5, minimumCalls: 4 } as const
  const atHalf: Partial<DependencyBreaker> = { trips: { ...half, comparison: 'gte' } }
  const aboveHalf: Partial<DependencyBreaker> = { trips: { ...half, comparison: 'gt' } }

  it('opens at the threshold or only above it', () => {
    expect(judge(run('.x.x.'), atHalf)).toMatchObject({ kind: 'violated' })
    expect(judge(run('.x.x.'), aboveHalf)).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('.xxx.'), aboveHalf)).toMatchObject({ kind: 'violated' })
  })

  it('does not open below its minimum of calls', () => {
    expect(judge(run('xxx'), atHalf)).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('xxx.'), atHalf)).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('xxxx'), atHalf)).toEqual({ kind: 'held' })
  })

  it('forgets calls beyond its window of calls', () => {
    const last4 = { trips: { ...half, comparison: 'gte', windowCalls: 4 } } as const
    expect(judge(run('......xx.'), last4)).toMatchObject({ kind: 'violated' })
    expect(judge(run('......xx'), atHalf)).toMatchObject({ kind: 'vacuous' })
  })

  it('forgets calls before its window of time', () => {
    const second = {
      trips: { ...half, comparison: 'gte', windowMs: 1_000, bucketMs: 100 },
      resetAfterMs: 9_000,
    } as const
    expect(judge(run('xx', run('xx'), 1_001), second)).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('xx.', run('xx'), 800), second)).toMatchObject({ kind: 'violated' })
  })

  it('is not held to calls that its buckets may have dropped already', () => {
    const second = {
      trips: { ...half, comparison: 'gte', windowMs: 1_000, bucketMs: 100 },
      resetAfterMs: 9_000,
    } as const
    expect(judge(run('xx.', run('xx'), 950), second)).toMatchObject({ kind: 'vacuous' })
  })

  it('is not held to forgetting, where old buckets stay until calls come', () => {
    const stale = {
      trips: { ...half, comparison: 'gte', windowMs: 1_000, staleBuckets: true },
      resetAfterMs: 90_000,
    } as const
    expect(judge(run('xxxx.', run('.....'), 60_000), stale)).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('xxxxx.', run('.....'), 60_000), stale)).toMatchObject({ kind: 'violated' })
  })

  it('opens at a share of slow calls too', () => {
    const slow = { trips: { ...half, comparison: 'gte', slow: { afterMs: 100, threshold: 1 } } } as const
    const trace = new TraceBuilder()
    for (let n = 0; n < 4; n++) {
      const crossing = trace.at(n * 200).call(site, { input: `slow ${n}` })
      trace.at(n * 200 + 150).ok(crossing)
    }
    expect(judge(run('.', trace, 760), slow)).toMatchObject({ kind: 'violated' })
  })
})

describe('the profiles of libraries', () => {
  it('opossum: exactly half stays closed, and the first failure alone opens', () => {
    expect(judge(run('.x.'), breakerProfiles.opossum())).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('x.'), breakerProfiles.opossum())).toMatchObject({ kind: 'violated' })
    expect(judge(run('.', run('x'), 30_000), breakerProfiles.opossum())).toEqual({ kind: 'held' })
  })

  it('opossum: calls in flight count, and so may those that were turned away, for as long as it remembers', () => {
    const trace = new TraceBuilder()
    const [first] = [trace.call(site, { input: 'first' }), trace.call(site, { input: 'second' })]
    trace.fail(first, 'transient')
    expect(judge(run('.', trace), breakerProfiles.opossum())).toMatchObject({ kind: 'vacuous' })
    const reopened = run('.x.', run('x'), 30_000)
    expect(judge(reopened, breakerProfiles.opossum())).toEqual({ kind: 'held' })
    const closed = () => run('.', run('x'), 30_000)
    expect(judge(run('x.', closed(), 39_000), breakerProfiles.opossum())).toEqual({ kind: 'held' })
    expect(judge(run('x.', closed(), 41_000), breakerProfiles.opossum())).toMatchObject({ kind: 'violated' })
  })

  it('opossum: after a silence it may have been open and have turned calls away, which count', () => {
    const short = breakerProfiles.opossum({ resetTimeout: 1_000, volumeThreshold: 3 })
    expect(judge(run('xx.', run('..'), 999), short)).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('xxxx.', run('..'), 999), short)).toMatchObject({ kind: 'violated' })
    expect(judge(run('xxxx.', run('..'), 1_000), short)).toMatchObject({ kind: 'vacuous' })
  })

  it('opossum: of what happens in the moment of a timeout it is not known what came first', () => {
    const volume = breakerProfiles.opossum({ resetTimeout: 1_000, volumeThreshold: 3, timeout: 500 })
    const trace = new TraceBuilder()
    const [slow] = [trace.call(site, { input: 'slow' })]
    trace.fail(trace.call(site, { input: 'fails' }), 'transient')
    run('.', trace, 500)
    trace.at(900).ok(slow)
    expect(judge(run('.', trace, 901), volume)).toMatchObject({ kind: 'vacuous' })
  })

  it('opossum: gives a call ten seconds, or as long as it takes', () => {
    const trace = new TraceBuilder()
    trace.call(site, { input: 'hangs' })
    run('.', trace, 10_001)
    expect(judge(trace, breakerProfiles.opossum())).toMatchObject({ kind: 'violated' })
    expect(judge(trace, breakerProfiles.opossum({ timeout: false }))).toMatchObject({ kind: 'vacuous' })
  })

  it('resilience4j: half of a hundred calls, ten probes that decide together, errors that do not count are neutral', () => {
    const profile = breakerProfiles.resilience4j()
    expect(judge(run('x'.repeat(99)), profile)).toMatchObject({ kind: 'vacuous' })
    const open = () => run('.x'.repeat(50))
    expect(judge(run('.', open(), 59_999), profile)).toMatchObject({ kind: 'violated' })
    expect(judge(run('xxxx......', open(), 60_000), profile)).toEqual({ kind: 'held' })
    expect(judge(run('xxxxx......', open(), 60_000), profile)).toMatchObject({ signature: 'open:tool:search' })
    expect(judge(run('dddxxxx......', open(), 60_000), profile)).toEqual({ kind: 'held' })
    const flood = open().at(60_000)
    for (let n = 0; n < 11; n++) flood.call(site, { input: `flood ${n}` })
    expect(judge(flood, profile)).toMatchObject({ signature: 'probes:tool:search' })
  })

  it('resilience4j: a window of time is one of seconds', () => {
    const options = { slidingWindowType: 'TIME_BASED', slidingWindowSize: 10, minimumNumberOfCalls: 4 } as const
    const profile = breakerProfiles.resilience4j(options)
    expect(judge(run('xx.', run('xx'), 5_000), profile)).toMatchObject({ kind: 'violated' })
    expect(judge(run('xx.', run('xx'), 9_500), profile)).toMatchObject({ kind: 'vacuous' })
  })

  it('cockatiel: in a row, by count and by sampling, each above the threshold', () => {
    const halfOpenAfter = 1_000
    const count = breakerProfiles.cockatiel({ count: { threshold: 0.5, size: 4 }, halfOpenAfter })
    expect(judge(run('.x.x.'), count)).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('.xxx.'), count)).toMatchObject({ kind: 'violated' })
    const sampling = { threshold: 0.5, duration: 5_000, minimumRps: 1 }
    const sampled = breakerProfiles.cockatiel({ sampling, halfOpenAfter })
    expect(judge(run('xxxx.'), sampled)).toMatchObject({ kind: 'vacuous' })
    expect(judge(run('xxxxx.'), sampled)).toMatchObject({ kind: 'violated' })
    expect(judge(run('xxx.'), breakerProfiles.cockatiel({ consecutive: 3, halfOpenAfter }))).toMatchObject({
      kind: 'violated',
    })
  })
})
