/** Proves that a deceptive answer is no excuse for a claim that the goal does not bear out, and that nothing else is asked. */
import { deceptiveResultNotTrusted } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { Claim } from '../../../harness/contracts/trace.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (builder: TraceBuilder, goal: boolean | null = false) =>
  deceptiveResultNotTrusted().check(builder.build({ goal }), undefined)

/** A refund that was answered deceptively. */
function deceive(): TraceBuilder {
  const trace = new TraceBuilder().turn()
  const refund = trace.call('tool:refund')
  return trace.fault(refund, 'deceptive', {}, ['pretend']).ok(refund, { error: { type: 'closed' } })
}

describe('deceptive-result-not-trusted', () => {
  it('is violated by a claim of success without the goal, and shows the answer that was trusted', () => {
    expect(judge(deceive().claim('success'))).toEqual({
      kind: 'violated',
      signature: 'trusted',
      story: 'The agent claimed success after a deceptive answer of tool:refund, and the goal was not reached.',
      evidence: [3, 4, 5],
    })
  })

  it('is held by an agent that reached the goal all the same', () => {
    expect(judge(deceive().claim('success'), true)).toEqual({ kind: 'held' })
  })

  it.each<Claim>(['failure', 'degraded', 'rolled-back'])('is held by an agent that noticed, and claims %s', (claim) => {
    expect(judge(deceive().claim(claim))).toEqual({ kind: 'held' })
    expect(judge(deceive().claim(claim), null)).toEqual({ kind: 'held' })
  })

  it('is inconclusive where success is claimed and the goal could not be evaluated', () => {
    expect(judge(deceive().claim('success'), null)).toEqual({ kind: 'inconclusive', because: 'goal() threw' })
  })

  it('is vacuous where nothing deceived the agent, whatever else went wrong', () => {
    const trace = new TraceBuilder().plan()
    trace.strike('tool:refund', 'indeterminate')
    expect(judge(trace.claim('success'))).toEqual({
      kind: 'vacuous',
      because: 'no fault that looks like success took effect',
    })
  })

  describe('where a request was brought again', () => {
    const bringUnder = (key: string | null) => {
      const trace = new TraceBuilder()
      const late = trace.call('tool:refund')
      trace.fault(late, 'indeterminate', {}, ['late']).fail(late, 'indeterminate')
      const retry = trace.call('tool:refund')
      trace.poison(retry).effect(retry, { key }).ok(retry).claim('success').at(700_000).effect(late, { key })
      return judge(trace)
    }

    it('is vacuous where its key had been forgotten, for that spoilt the goal', () => {
      expect(bringUnder('k')).toEqual({
        kind: 'vacuous',
        because: 'the network alone did something once more',
      })
    })

    it('is violated where it had no key', () => {
      expect(bringUnder(null)).toMatchObject({ kind: 'violated' })
    })
  })

  it('is vacuous where the agent never answered, or was deceived only when it had', () => {
    expect(judge(deceive())).toEqual({ kind: 'vacuous', because: 'the agent never answered' })
    const late = new TraceBuilder()
    const running = late.call('tool:refund')
    expect(judge(late.claim('success').fault(running, 'deceptive').ok(running))).toMatchObject({ kind: 'vacuous' })
  })

  it('tells of an answer that the agent never got, too', () => {
    const trace = new TraceBuilder()
    trace.fault(trace.call('tool:refund'), 'deceptive')
    expect(judge(trace.claim('success'))).toMatchObject({ kind: 'violated', evidence: [1, 2] })
  })
})
