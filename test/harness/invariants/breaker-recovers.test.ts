/** Proves that a breaker which stays open is found where there was certainly use for its dependency, and only there. */
import { breakerRecovers, type RecoveringBreaker } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const breaker: RecoveringBreaker = {
  site: 'tool:search',
  trips: { kind: 'consecutive', failures: 2 },
  resetAfterMs: 1_000,
  timeoutMs: Number.POSITIVE_INFINITY,
}

const judge = (trace: TraceBuilder, given: Partial<RecoveringBreaker> = {}, goal: boolean | null = false) =>
  breakerRecovers({ dependencies: [{ ...breaker, ...given }] }).check(trace.build({ goal }), undefined)

let calls = 0

/** One call after another at that time. */
function run(outcomes: string, trace: TraceBuilder, at: number, site = 'tool:search'): TraceBuilder {
  trace.at(at)
  for (const outcome of outcomes) {
    const crossing = trace.call(site, { input: String(calls++) })
    if (outcome === 'x') trace.fault(crossing, 'transient').fail(crossing, 'transient')
    else trace.ok(crossing)
  }
  return trace
}

const trip = () => run('xx', new TraceBuilder(), 0)

/** The model asks for the search. */
function asks(trace: TraceBuilder, at: number): TraceBuilder {
  trace.at(at)
  return trace.reply(trace.call('model:m', { input: String(calls++) }), '', { toolCalls: ['search {"q":1}'] })
}

describe('breaker-recovers', () => {
  it('is held where the dependency answered again', () => {
    expect(judge(run('.', trip(), 1_000).claim('success'))).toEqual({ kind: 'held' })
  })

  it('is vacuous where no breaker was given, none had to open, or faults were not over', () => {
    expect(breakerRecovers({ dependencies: [] }).check(new TraceBuilder().build(), undefined)).toMatchObject({
      kind: 'vacuous',
      because: 'no breaker was given',
    })
    expect(judge(run('x.', new TraceBuilder(), 0).claim('success'))).toEqual({
      kind: 'vacuous',
      because: 'no breaker was open and had a use after its reset time: tool:search',
    })
    expect(judge(run('.', trip(), 1_000).plan({ closed: false }).claim('success'))).toMatchObject({
      kind: 'vacuous',
    })
    expect(judge(run('.', trip(), 1_000))).toMatchObject({ kind: 'vacuous' })
  })

  describe('with a fallback', () => {
    const fallback = ['tool:cache']

    it('is violated where that is called in its place more often than there are probes, the goal reached or not', () => {
      const leaveStuck = () => run('..', trip(), 1_001, 'tool:cache').claim('success')
      expect(judge(leaveStuck(), { fallback })).toEqual({
        kind: 'violated',
        signature: 'stuck:tool:search',
        story:
          'The breaker before tool:search let nothing through, though all faults were over, its reset time had passed ' +
          'and there was use for it 2 times.',
        evidence: [5, 6, 8],
      })
      expect(judge(leaveStuck(), { fallback }, true)).toMatchObject({ kind: 'violated' })
      expect(judge(leaveStuck(), { fallback, probes: 2 })).toMatchObject({ kind: 'vacuous' })
    })

    it('is vacuous where the reset time was not over, or the outage that tripped it', () => {
      expect(judge(run('..', trip(), 1_000, 'tool:cache').claim('success'), { fallback })).toMatchObject({
        kind: 'vacuous',
      })
      const outage = new TraceBuilder()
      outage.strike('tool:search', 'transient', { input: 'a' }, { endsAt: 500 })
      outage.strike('tool:search', 'transient', { input: 'b' })
      expect(judge(run('..', outage, 1_400, 'tool:cache').claim('success'), { fallback })).toMatchObject({
        kind: 'vacuous',
      })
    })

    it('is vacuous where the last probe failed a moment before', () => {
      const trace = run('..', run('x', trip(), 5_000), 5_500, 'tool:cache').claim('success')
      expect(judge(trace, { fallback })).toMatchObject({ kind: 'vacuous' })
    })

    it('is violated where a probe succeeded and still nothing goes through any more', () => {
      const trace = run('....', run('.', trip(), 1_000), 9_000, 'tool:cache').claim('success')
      expect(judge(trace, { fallback })).toMatchObject({ kind: 'violated', signature: 'stuck:tool:search' })
    })
  })

  describe('without one', () => {
    /** The model asks three times; other tools still run. */
    const ignore = () => run('.', asks(asks(asks(trip(), 2_000), 3_000), 4_000), 5_000, 'tool:other')

    it('is violated where the model asks for it in vain, again and again, and the goal is missed', () => {
      expect(judge(ignore().claim('failure'))).toMatchObject({ kind: 'violated', signature: 'stuck:tool:search' })
    })

    it('is vacuous where the goal was reached without it', () => {
      expect(judge(ignore().claim('success'), {}, true)).toMatchObject({ kind: 'vacuous' })
    })

    it('is inconclusive where it hangs on a goal that could not be evaluated', () => {
      expect(judge(ignore().claim('failure'), {}, null)).toEqual({ kind: 'inconclusive', because: 'goal() threw' })
    })

    it('is vacuous where the agent runs no tool at all any more', () => {
      const trace = asks(asks(asks(trip(), 2_000), 3_000), 4_000).claim('failure')
      expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
    })

    it('is violated where the tool that calls the service fails without calling it', () => {
      const trace = new TraceBuilder()
      const site = 'http:GET api/search'
      for (const input of ['1', '2']) {
        const tool = trace.call('tool:find', { input })
        trace.strike(site, 'transient', { parent: tool, input })
        trace.fail(tool, 'transient')
      }
      trace.at(5_000)
      for (const input of ['3', '4', '5']) trace.fail(trace.call('tool:find', { input }), 'unknown')
      trace.claim('failure')
      expect(judge(trace, { site: 'http:"GET api/search"' })).toMatchObject({ kind: 'violated' })
    })

    it('is vacuous for a call that may still be waited for', () => {
      const hangs = run('..', trip(), 0, 'tool:other')
      hangs.at(1_000).call('tool:search', { input: 'hangs' })
      const trace = run('.', asks(asks(asks(hangs, 2_000), 3_000), 4_000), 5_000, 'tool:other').claim('failure')
      expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
    })
  })

  it('looks at the last attempt of the agent alone', () => {
    const trace = run('..', trip().restart(), 5_000, 'tool:cache').claim('success')
    expect(judge(trace, { fallback: ['tool:cache'] })).toMatchObject({ kind: 'vacuous' })
  })

  it('is vacuous where the wall clock jumped', () => {
    const trace = trip()
    const other = trace.call('model:m')
    trace.fault(other, 'resource', {}, ['clock-jump']).reply(other)
    expect(judge(run('.', trace, 1_000).claim('success'))).toMatchObject({ kind: 'vacuous' })
  })
})
