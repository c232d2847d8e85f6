/** Proves each way in which an observed breaker can fail its profile, and at length what is none. */
import { type BreakerProfile, breakerConforms, breakerProfiles, type DependencyBreaker } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { BreakerNews } from '../../../harness/contracts/breaker.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const site = 'tool:search'
const afterThree: BreakerProfile = { trips: { kind: 'consecutive', failures: 3 }, resetAfterMs: 1_000 }

const judge = (trace: TraceBuilder, breaker: Partial<DependencyBreaker> = {}) =>
  breakerConforms({ dependencies: [{ site, ...afterThree, ...breaker }] }).check(trace.build(), undefined)

const observe = () => new TraceBuilder().breaker(site, 'observed')
const tell = (trace: TraceBuilder, ...news: readonly (BreakerNews | BreakerNews['event'])[]) => {
  for (const each of news) trace.breaker(site, each)
  return trace
}

let calls = 0

/** Calls through the breaker, one after another: `x` fails for the moment, `d` for good and is ignored, `.` succeeds. */
function run(outcomes: string, trace = observe(), at = 0): TraceBuilder {
  trace.at(at)
  for (const outcome of outcomes) {
    const crossing = trace.call(site, { input: String(calls++) })
    if (outcome === '.') trace.ok(crossing)
    else trace.fail(crossing, outcome === 'x' ? 'transient' : 'definite', { status: outcome === 'x' ? 503 : 400 })
    const event = outcome === '.' ? 'succeeded' : outcome === 'x' ? 'failed' : 'ignored'
    trace.breaker(site, { event, tookMs: 0 })
  }
  return trace
}

/** Observed, and open since 0. */
const open = () => tell(run('xxx'), 'opened')
/** Half open since 1000. */
const halfOpen = () => tell(open().at(1_000), 'half-opened')

/** A call from one time to another that the breaker tells of as it ends; without `news`, it never hears of it. */
function slow(trace: TraceBuilder, from: number, to: number, news?: 'succeeded' | 'failed'): TraceBuilder {
  const crossing = trace.at(from).call(site, { input: String(calls++) })
  trace.at(to)
  if (news === 'failed') trace.fail(crossing, 'transient', { status: 503 })
  else trace.ok(crossing)
  return news ? trace.breaker(site, { event: news, tookMs: to - from }) : trace
}

describe('breaker-conforms', () => {
  it('holds for a breaker that opens, waits, tries and closes', () => {
    const trace = tell(open().at(500), 'rejected', 'rejected')
    tell(run('.', tell(trace.at(1_000), 'half-opened'), 1_000), 'closed')
    expect(judge(run('..', trace, 1_200).claim('success'))).toEqual({ kind: 'held' })
  })

  it('says so where the breaker was not observed, and where it never had to do anything', () => {
    const because = (trace: TraceBuilder) => judge(trace)
    expect(because(new TraceBuilder().turn())).toEqual({
      kind: 'vacuous',
      because: 'no breaker before tool:search was observed',
    })
    expect(because(new TraceBuilder().breaker('tool:other', 'observed'))).toMatchObject({ kind: 'vacuous' })
    expect(because(run('xx.xx').at(5_000).turn())).toEqual({
      kind: 'vacuous',
      because: 'the breaker before tool:search never had to open',
    })
    expect(breakerConforms({ dependencies: [] }).check(open().build(), undefined)).toMatchObject({ kind: 'vacuous' })
  })

  it('knows a site by what it is and not by how it is written', () => {
    const trace = new TraceBuilder().breaker('http:POST api.example.com/*', 'observed')
    for (const n of [1, 2, 3]) {
      trace.fail(trace.call('http:POST api.example.com/v1', { input: `${n}` }), 'transient', { status: 503 })
      trace.breaker('http:POST api.example.com/*', { event: 'failed', tookMs: 0 })
    }
    trace.breaker('http:POST api.example.com/*', 'opened')
    expect(judge(trace, { site: 'http:"POST api.example.com/*"' })).toEqual({ kind: 'held' })
    expect(() => breakerConforms({ dependencies: [{ site: 'tol:search', ...afterThree }] })).toThrow('is no site')
  })
})

describe('opening', () => {
  it('too early is shown with what it had counted', () => {
    expect(judge(tell(run('xx'), 'opened'))).toEqual({
      kind: 'violated',
      signature: 'early:tool:search',
      story: 'The breaker before tool:search: It opened though too little had failed by its own count.',
      evidence: [3, 6, 7],
    })
  })

  it('for failures that the profile does not count is shown with those', () => {
    const trace = observe()
    for (const n of [1, 2, 3]) {
      trace.fail(trace.call(site, { input: `${n}` }), 'definite', { status: 400 })
      trace.breaker(site, { event: 'failed', tookMs: 0 })
    }
    expect(judge(tell(trace, 'opened'))).toEqual({
      kind: 'violated',
      signature: 'miscounts:tool:search',
      story:
        'The breaker before tool:search: It opened because it counts failures that say nothing against its dependency.',
      evidence: [2, 5, 8, 10],
    })
    expect(judge(trace, { counts: () => true })).toEqual({ kind: 'held' })
  })

  it('again for a failure that the profile does not count, or for none at all', () => {
    const trace = halfOpen()
    trace.fail(trace.call(site, { input: 'probe' }), 'definite', { status: 404 })
    tell(trace, { event: 'failed', tookMs: 0 }, 'opened')
    expect(judge(trace)).toMatchObject({ kind: 'violated', signature: 'miscounts:tool:search' })
    expect(judge(tell(halfOpen().at(1_200), 'opened'))).toMatchObject({ signature: 'early:tool:search' })
  })

  it('is not early where what is ignored may fill the minimum of a rate, and need not', () => {
    const trips = { kind: 'rate', threshold: 0.5, comparison: 'gte', minimumCalls: 4 } as const
    for (const uncountedAre of ['success', 'neutral'] as const) {
      expect(judge(tell(run('ddxx'), 'opened'), { trips, uncountedAre })).toEqual({ kind: 'held' })
    }
    expect(judge(tell(run('dxx'), 'opened'), { trips })).toMatchObject({ signature: 'early:tool:search' })
  })

  it('is not early where what is ignored may be nothing at all to a row', () => {
    expect(judge(tell(run('xxdx'), 'opened'))).toEqual({ kind: 'held' })
    expect(judge(tell(run('xx.x'), 'opened'))).toMatchObject({ signature: 'early:tool:search' })
  })

  it('is not early where outcomes of that moment had not been counted yet', () => {
    const last = () => run('x.', run('xx'))
    expect(judge(tell(last(), 'opened'))).toEqual({ kind: 'held' })
    expect(judge(tell(last().at(1), 'opened'))).toMatchObject({ signature: 'early:tool:search' })
  })

  it('is not early where what came before the reset may still be remembered', () => {
    const trace = tell(run('d', halfOpen(), 1_000), 'closed')
    expect(judge(tell(run('x', trace, 1_100), 'opened'), { uncountedAre: 'neutral' })).toEqual({ kind: 'held' })
    const success = tell(run('.', halfOpen(), 1_000), 'closed')
    expect(judge(tell(run('x', success, 1_100), 'opened'))).toMatchObject({ signature: 'early:tool:search' })
  })

  it('is not early where the breaker is older than the agent and may have counted before', () => {
    const found = { event: 'observed', state: 'closed', fresh: false } as const
    const older = tell(run('x', new TraceBuilder().breaker(site, found)), 'opened')
    expect(judge(older)).toEqual({ kind: 'held' })
    const late = tell(run('x', tell(run('.'), 'closed')), 'opened')
    expect(judge(late)).toMatchObject({ signature: 'early:tool:search' })
    const before = new TraceBuilder()
    before.fail(before.call(site), 'transient')
    expect(judge(tell(run('x', before.breaker(site, 'observed')), 'opened'))).toEqual({ kind: 'held' })
  })

  it('is not early for the failure of a call that was let through to try, however late it comes', () => {
    const after = (beganAt: number) => {
      const trace = halfOpen()
      if (beganAt > 1_000) slow(trace, 1_000, 1_000, 'succeeded').breaker(site, 'closed')
      const late = trace.at(beganAt).call(site, { input: 'late' })
      if (beganAt === 1_000) slow(trace, 1_100, 1_100, 'succeeded').breaker(site, 'closed')
      trace.at(3_000).fail(late, 'transient')
      return judge(tell(trace, { event: 'failed', tookMs: 3_000 - beganAt }, 'opened'))
    }
    expect(after(1_000)).toEqual({ kind: 'held' })
    expect(after(1_200)).toMatchObject({ signature: 'early:tool:search' })
  })

  it('by hand is nobody’s mistake', () => {
    const trace = tell(run('x'), { event: 'opened', by: 'hand' })
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
    tell(trace.at(10), { event: 'closed', by: 'hand' })
    expect(judge(run('.', trace, 20).claim('success'))).toMatchObject({ kind: 'vacuous' })
  })
})

describe('not opening', () => {
  it('is shown by the next call that is let through', () => {
    expect(judge(run('.', run('xxx'), 500))).toEqual({
      kind: 'violated',
      signature: 'late:tool:search',
      story: 'The breaker before tool:search: It had to open, and let the next call to tool:search through.',
      evidence: [9, 10],
    })
  })

  it('is no mistake in the same moment, nor as long as no call gets through, nor after the reset time', () => {
    expect(judge(run('xxxx'))).toEqual({ kind: 'held' })
    const lazily = tell(run('xxx').at(700), 'opened', 'rejected')
    expect(judge(lazily)).toEqual({ kind: 'held' })
    expect(judge(run('.', run('xxx'), 1_000))).toEqual({ kind: 'held' })
  })

  it('is not asked of failures that it counts and need not', () => {
    const trace = observe()
    for (const n of [1, 2, 3]) {
      trace.fail(trace.call(site, { input: `${n}` }), 'definite', { status: 400 })
      trace.breaker(site, { event: 'failed', tookMs: 0 })
    }
    expect(judge(run('.', trace, 500).claim('success'))).toMatchObject({ kind: 'vacuous' })
  })

  it('exempts a call that was let through before, and reached its site only now', () => {
    const trace = observe()
    run('xxx', trace, 100)
    const inside = trace.at(200).call(site, { input: 'inside' })
    trace.ok(inside).breaker(site, { event: 'succeeded', tookMs: 150 })
    expect(judge(trace.at(300).turn())).toEqual({ kind: 'held' })
  })

  it('again after a call that tried and failed is shown by the next one', () => {
    const trace = slow(run('x', halfOpen(), 1_000), 1_200, 1_200, 'succeeded')
    expect(judge(trace)).toMatchObject({ kind: 'violated', signature: 'late:tool:search' })
    const closes = slow(tell(run('x', halfOpen(), 1_000), 'closed'), 1_200, 1_200, 'succeeded')
    expect(judge(closes)).toMatchObject({ signature: 'late:tool:search' })
  })
})

describe('an open breaker', () => {
  it('lets nothing through, and is shown where it does', () => {
    expect(judge(slow(open(), 500, 600, 'succeeded'))).toEqual({
      kind: 'violated',
      signature: 'open:tool:search',
      story: 'The breaker before tool:search: It was open, and let a call to tool:search through.',
      evidence: [10, 11],
    })
  })

  it('is gone past by nobody: the breaker never heard of the call', () => {
    expect(judge(slow(open(), 500, 600).at(700).turn())).toEqual({
      kind: 'violated',
      signature: 'bypass:tool:search',
      story: 'The breaker before tool:search: It was open, and a call to tool:search went past it.',
      evidence: [10, 11],
    })
  })

  it('exempts calls in flight, calls of the same moment, and calls let through before that cross only now', () => {
    const flight = observe()
    const old = flight.call(site, { input: 'old' })
    tell(run('xxx', flight, 10), 'opened')
    const sameMoment = flight.call(site, { input: 'same moment' })
    flight.at(300).fail(old, 'transient').breaker(site, { event: 'failed', tookMs: 300 })
    flight.ok(sameMoment).breaker(site, { event: 'succeeded', tookMs: 290 })
    const late = flight.at(400).call(site, { input: 'late' })
    flight.at(450).ok(late).breaker(site, { event: 'succeeded', tookMs: 445 })
    expect(judge(flight.at(500).turn())).toEqual({ kind: 'held' })
  })

  it('is not accused where a call from before may still be on its way', () => {
    const trace = observe()
    trace.fail(trace.call(site, { input: 'pages' }), 'transient')
    tell(run('xxx', trace, 10), 'opened')
    const on = slow(trace, 200, 300).at(400)
    on.call('tool:other')
    expect(judge(on.at(500).turn())).toMatchObject({ kind: 'inconclusive' })
  })

  it('is accused where nothing is on its way any more', () => {
    const trace = observe()
    trace.fail(trace.call(site, { input: 'past it' }), 'transient')
    tell(run('xxx', trace, 10), 'opened')
    expect(judge(slow(trace, 200, 300).at(400).turn())).toMatchObject({ signature: 'bypass:tool:search' })
  })

  it('is not accused of a call whose end it cannot have heard of', () => {
    const trace = open().at(500)
    trace.call(site, { input: 'hangs' })
    expect(judge(trace.at(9_000).claim('failure'))).toEqual({ kind: 'held' })
  })

  it('holds for the way in which it was found, too', () => {
    const found = { event: 'observed', state: 'open', fresh: false } as const
    const trace = slow(new TraceBuilder().breaker(site, found), 500, 600).at(700).turn()
    expect(judge(trace)).toMatchObject({ signature: 'bypass:tool:search' })
  })

  it('wakes no sooner than its profile says', () => {
    const at = (ms: number, event: 'half-opened' | 'closed') => judge(tell(open().at(ms), event))
    expect(at(998, 'half-opened')).toEqual({
      kind: 'violated',
      signature: 'too-soon:tool:search',
      story: 'The breaker before tool:search: It let calls through again 998 ms after it had opened.',
      evidence: [10, 11],
    })
    expect(at(998, 'closed')).toMatchObject({ signature: 'too-soon:tool:search' })
    expect(at(1_000, 'half-opened')).toEqual({ kind: 'held' })
    expect(judge(tell(open().at(10), { event: 'closed', by: 'hand' }))).toEqual({ kind: 'held' })
  })

  it('wakes by the time since it opened, and not since the trial began', () => {
    const openedAt = (ms: number) => tell(run('xxx', observe(), ms), 'opened')
    expect(judge(tell(openedAt(600).at(1_100), 'half-opened'))).toMatchObject({
      signature: 'too-soon:tool:search',
      story: expect.stringContaining('again 500 ms after it had opened'),
    })
    expect(judge(tell(openedAt(600).at(1_600), 'half-opened'))).toEqual({ kind: 'held' })
  })

  it('is not held to a clock that was moved, nor to a time at which nobody looked', () => {
    const jumped = open().at(10)
    const other = jumped.call('model:m')
    jumped.fault(other, 'resource', {}, ['clock-jump']).reply(other)
    expect(judge(tell(jumped.at(20), 'half-opened'))).toEqual({ kind: 'held' })
    const found = { event: 'observed', state: 'open', fresh: false } as const
    const older = tell(new TraceBuilder().breaker(site, found).at(10), 'half-opened')
    expect(judge(older)).toMatchObject({ kind: 'vacuous' })
  })
})

describe('a half-open breaker', () => {
  it('lets no more calls try at once than it may', () => {
    const trace = halfOpen()
    const both = [trace.call(site, { input: 'a' }), trace.call(site, { input: 'b' })]
    trace.at(1_100)
    for (const crossing of both) trace.ok(crossing).breaker(site, { event: 'succeeded', tookMs: 100 })
    tell(trace, 'closed')
    expect(judge(trace)).toEqual({
      kind: 'violated',
      signature: 'probes:tool:search',
      story: 'The breaker before tool:search: It was half open, and let 2 calls try where 1 may.',
      evidence: [11, 12, 13],
    })
    expect(judge(trace, { probes: 2 })).toEqual({ kind: 'held' })
  })

  it('may let one after the other try, and those that waited for the first go at its end', () => {
    const trace = halfOpen()
    const first = trace.call(site, { input: 'first' })
    trace.at(1_100).ok(first).breaker(site, { event: 'succeeded', tookMs: 100 })
    const waited = [trace.call(site, { input: 'a' }), trace.call(site, { input: 'b' })]
    tell(trace, 'closed').at(1_200)
    for (const crossing of waited) trace.ok(crossing).breaker(site, { event: 'succeeded', tookMs: 100 })
    expect(judge(trace.at(1_300).turn())).toEqual({ kind: 'held' })
  })

  it('is told from calls that were in flight when it opened', () => {
    const trace = observe()
    const old = trace.call(site, { input: 'old' })
    tell(run('xxx', trace, 10), 'opened')
    tell(trace.at(1_010), 'half-opened')
    const probe = trace.call(site, { input: 'probe' })
    trace.at(1_100).ok(old).breaker(site, { event: 'succeeded', tookMs: 1_100 })
    trace.ok(probe).breaker(site, { event: 'succeeded', tookMs: 90 })
    expect(judge(tell(trace, 'closed').at(1_200).turn())).toEqual({ kind: 'held' })
  })

  it('closes when the calls that tried succeeded', () => {
    const trace = tell(run('.', halfOpen(), 1_000).at(1_200), 'rejected')
    expect(judge(trace)).toEqual({
      kind: 'violated',
      signature: 'does-not-close:tool:search',
      story: 'The breaker before tool:search: The calls that tried had succeeded, and it turned the next one away.',
      evidence: [14, 15],
    })
    expect(judge(trace, { probes: 2 })).toEqual({ kind: 'held' })
    expect(judge(tell(run('.', halfOpen(), 1_000), 'rejected'))).toEqual({ kind: 'held' })
  })

  it('is stuck where it turns calls away and nothing has been trying for another reset time', () => {
    const trace = tell(run('d', halfOpen(), 1_000).at(2_001), 'rejected')
    expect(judge(trace)).toEqual({
      kind: 'violated',
      signature: 'stuck:tool:search',
      story:
        'The breaker before tool:search: It was half open, no call had been trying for 1000 ms, and it turned one away.',
      evidence: [11, 15],
    })
    expect(judge(tell(run('d', halfOpen(), 1_000).at(2_000), 'rejected'))).toEqual({ kind: 'held' })
  })

  it('is not stuck while a call is trying, however long it takes', () => {
    const trace = halfOpen()
    const probe = trace.call(site, { input: 'slow' })
    tell(trace.at(60_000), 'rejected')
    expect(judge(trace)).toEqual({ kind: 'held' })
    tell(trace.at(60_100).ok(probe), { event: 'succeeded', tookMs: 59_100 }, 'closed')
    expect(judge(trace)).toEqual({ kind: 'held' })
  })
})

describe('a breaker whose probes decide together', () => {
  const trips = { kind: 'rate', threshold: 0.5, comparison: 'gte', minimumCalls: 2, windowCalls: 4 } as const
  const together = { trips, probes: 2, probesDecide: 'together' } as const
  const half = () => tell(tell(run('xx'), 'opened').at(1_000), 'half-opened')

  it('lets through as many as it may, and no more before they have decided', () => {
    expect(judge(tell(run('..', half(), 1_000), 'closed'), together)).toEqual({ kind: 'held' })
    const three = run('.', run('..', half(), 1_000), 1_100)
    expect(judge(three, together)).toMatchObject({ signature: 'probes:tool:search' })
    expect(judge(run('..', run('d', half(), 1_000), 1_100), together)).toEqual({ kind: 'held' })
  })

  it('opens again when too many of them failed, and not for one', () => {
    expect(judge(tell(run('xx', half(), 1_000), 'opened'), together)).toEqual({ kind: 'held' })
    const closes = slow(tell(run('xx', half(), 1_000), 'closed'), 1_200, 1_200, 'succeeded')
    expect(judge(closes, together)).toMatchObject({ signature: 'late:tool:search' })
    const one = slow(run('.', run('.', half(), 1_000), 1_100).breaker(site, 'closed'), 1_200, 1_200, 'succeeded')
    expect(judge(one, together)).toEqual({ kind: 'held' })
  })
})

describe('a breaker by rate', () => {
  const opossum = breakerProfiles.opossum({ resetTimeout: 1_000, rollingCountTimeout: 1_000, volumeThreshold: 4 })

  it('counts calls that it turned away or answered by itself', () => {
    const trace = tell(run('xx'), 'spared', 'rejected')
    expect(judge(tell(run('x', trace), 'opened'), opossum)).toEqual({ kind: 'held' })
    expect(judge(tell(run('x', run('xx')), 'opened'), opossum)).toMatchObject({ signature: 'early:tool:search' })
  })

  it('counts calls that are under way', () => {
    const trace = observe()
    const long = trace.call(site, { input: 'long' })
    run('xxx', trace, 10)
    expect(
      judge(tell(trace, 'opened').at(500).ok(long).breaker(site, { event: 'succeeded', tookMs: 500 }), opossum),
    ).toEqual({
      kind: 'held',
    })
  })

  it('is not held to what lies at the edge of its window', () => {
    const across = (ms: number) => run('.', run('x', run('xxx'), ms), ms + 1)
    expect(judge(across(850), opossum)).toMatchObject({ signature: 'late:tool:search' })
    expect(judge(across(950), opossum).kind).not.toBe('violated')
    expect(judge(tell(run('x', run('xxx'), 950), 'opened'), opossum)).toEqual({ kind: 'held' })
    expect(judge(tell(run('x', run('xxx'), 1_001), 'opened'), opossum)).toMatchObject({
      signature: 'early:tool:search',
    })
  })

  it('is neither early nor late once the wall clock was moved', () => {
    const jumped = run('xxx')
    const other = jumped.call('model:m')
    jumped.fault(other, 'resource', {}, ['clock-jump']).reply(other)
    expect(judge(run('.', run('x', jumped), 500), opossum).kind).not.toBe('violated')
    expect(judge(tell(run('x', jumped, 5_000), 'opened'), opossum)).toEqual({ kind: 'held' })
  })
})

describe('a breaker that does not say how long calls took', () => {
  const endUntimed = (trace: TraceBuilder, at: number, outcome: 'succeeded' | 'failed') => {
    const crossing = trace.at(at).call(site, { input: String(calls++) })
    if (outcome === 'failed') trace.fail(crossing, 'transient')
    else trace.ok(crossing)
    return trace.breaker(site, outcome)
  }
  const down = () =>
    tell(endUntimed(endUntimed(endUntimed(observe(), 0, 'failed'), 1, 'failed'), 2, 'failed'), 'opened')

  it('is judged by the crossings that fit', () => {
    expect(judge(down())).toEqual({ kind: 'held' })
    expect(judge(endUntimed(down(), 500, 'succeeded'))).toMatchObject({ signature: 'open:tool:search' })
    expect(judge(slow(down(), 500, 600).at(700).turn())).toMatchObject({ signature: 'bypass:tool:search' })
  })
})

describe('where the breaker and the trace disagree', () => {
  const wiring = (what: string) => ({ kind: 'inconclusive', because: `wiring: ${what}` })

  it('a call that it never heard of makes it inconclusive', () => {
    const trace = slow(run('.'), 100, 200).at(300).turn()
    expect(judge(trace)).toEqual(wiring('a call reached tool:search that its breaker never heard of'))
  })

  it('so does a call that it told of and that never was', () => {
    expect(judge(tell(run('.'), { event: 'failed', tookMs: 0 }))).toEqual(
      wiring('the breaker reported a call that never reached its site'),
    )
    expect(judge(tell(run('.'), { event: 'ignored', tookMs: 0 }))).toMatchObject({ kind: 'vacuous' })
    expect(judge(tell(run('.'), { event: 'failed', tookMs: 0, unsent: true }))).toMatchObject({ kind: 'vacuous' })
  })

  it('so do retries inside it', () => {
    const trace = observe()
    for (const at of [0, 100, 300]) trace.at(at).fail(trace.call(site, { input: 'same' }), 'transient')
    tell(trace, { event: 'failed', tookMs: 300 })
    expect(judge(trace.at(400).turn())).toEqual(
      wiring('several calls reached tool:search for one outcome of its breaker'),
    )
  })

  it('does not where the breaker cannot have heard of it yet', () => {
    const last = run('.').at(100)
    last.ok(last.call(site, { input: 'last' }))
    expect(judge(last)).toMatchObject({ kind: 'vacuous' })
    const crashed = run('.').at(100)
    crashed.ok(crashed.call(site, { input: 'last' }))
    const other = crashed.at(200).call('tool:other')
    crashed.fault(other, 'resource', {}, ['crash']).at(1_200).restart()
    expect(judge(crashed)).toMatchObject({ kind: 'vacuous' })
  })

  it('does not where it was told of while a call was under way already', () => {
    const trace = new TraceBuilder()
    const early = trace.call(site)
    trace.breaker(site, 'observed').at(100).ok(early)
    expect(judge(tell(trace, { event: 'succeeded', tookMs: 100 }).at(200).turn())).toMatchObject({ kind: 'vacuous' })
  })

  it('is no excuse for what it did by its own account', () => {
    const trace = tell(slow(run('xx'), 100, 200), 'opened')
      .at(300)
      .turn()
    expect(judge(trace)).toMatchObject({ kind: 'violated', signature: 'early:tool:search' })
  })
})

describe('an agent that crashes', () => {
  it('starts with another breaker, and what the first did in its last moment is not asked', () => {
    const trace = run('xxx')
    const other = trace.at(100).call('tool:other')
    trace.fault(other, 'resource', {}, ['crash'])
    trace.ok(trace.at(500).call(site, { input: 'the world goes on' }))
    trace.at(1_100).restart().breaker(site, 'observed')
    expect(judge(run('xx', trace, 1_200).at(9_000).turn())).toEqual({ kind: 'held' })
    expect(
      judge(
        tell(run('x', trace, 9_100), 'opened')
          .at(9_200)
          .turn(),
      ),
    ).toEqual({ kind: 'held' })
  })
})

describe('several breakers', () => {
  it('are judged each by its own, and the worst is told', () => {
    const trace = open().breaker('tool:other', 'observed')
    const [search, other] = [site, 'tool:other'].map((one) => ({ site: one, ...afterThree }))
    if (!search || !other) throw new Error('there are two')
    const both = breakerConforms({ dependencies: [search, other] })
    expect(both.check(trace.build(), undefined)).toEqual({ kind: 'held' })
    trace.breaker('tool:other', 'opened')
    expect(both.check(trace.build(), undefined)).toMatchObject({ signature: 'early:tool:other' })
  })
})
