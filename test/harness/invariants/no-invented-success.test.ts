/** Proves that a claim is compared with the truth, and only a claim of success, and only where the agent could know. */
import { noInventedSuccess } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { Claim } from '../../../harness/contracts/trace.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (builder: TraceBuilder, goal: boolean | null) =>
  noInventedSuccess().check(builder.build({ goal }), undefined)

describe('no-invented-success', () => {
  it('is violated by a claim of success without the goal, and shows the claim', () => {
    expect(judge(new TraceBuilder().turn().claim('success'), false)).toEqual({
      kind: 'violated',
      signature: 'invented',
      story: 'The agent claimed success, and the goal was not reached.',
      evidence: [2],
    })
  })

  it('is held by a success that is one', () => {
    expect(judge(new TraceBuilder().claim('success'), true)).toEqual({ kind: 'held' })
  })

  it.each<Claim>(['failure', 'degraded', 'rolled-back'])('is vacuous where the agent claims %s', (claim) => {
    expect(judge(new TraceBuilder().claim(claim), false)).toMatchObject({ kind: 'vacuous' })
  })

  it('is vacuous where the agent never answered', () => {
    expect(judge(new TraceBuilder().turn(), false)).toMatchObject({ kind: 'vacuous' })
  })

  it('is inconclusive where the goal could not be evaluated', () => {
    expect(judge(new TraceBuilder().claim('success'), null)).toEqual({
      kind: 'inconclusive',
      because: 'goal() threw',
    })
  })

  it('is vacuous where a fault pretended success, for the agent could not have known', () => {
    const trace = new TraceBuilder()
    const call = trace.call('tool:refund')
    trace.fault(call, 'deceptive').ok(call).claim('success')
    expect(judge(trace, false)).toEqual({
      kind: 'vacuous',
      because: 'a false answer that looks like success had come before',
    })
  })

  describe('a false answer', () => {
    const lookUp = (trace: TraceBuilder, output: string) => trace.ok(trace.call('tool:look'), output)
    const deceive = (trace = new TraceBuilder()) => {
      const call = trace.call('tool:look')
      return trace.fault(call, 'deceptive').ok(call, 'none')
    }

    it('excuses what came of it, and nothing once the equal request was answered in truth', () => {
      expect(judge(deceive().claim('success'), false)).toMatchObject({ kind: 'vacuous' })
      expect(judge(lookUp(deceive(), 'one').claim('success'), false)).toMatchObject({ kind: 'violated' })
    })

    it('excuses what was changed before the truth came', () => {
      const trace = deceive()
      const refund = trace.call('tool:refund')
      trace.effect(refund).ok(refund)
      expect(judge(lookUp(trace, 'one').claim('success'), false)).toMatchObject({ kind: 'vacuous' })
    })

    const mislead = (mistaken: boolean) => {
      const trace = new TraceBuilder()
      const model = trace.call('model:m')
      if (mistaken) trace.mistake(model)
      return trace.reply(model, 'Done.').claim('success')
    }

    it('excuses what the model asked for by mistake', () => {
      expect(judge(mislead(true), false)).toMatchObject({ kind: 'vacuous' })
    })

    it('does not excuse what the model asked for rightly', () => {
      expect(judge(mislead(false), false)).toMatchObject({ kind: 'violated' })
    })

    it('excuses nothing that it came after, or that the agent never heard', () => {
      expect(judge(deceive(new TraceBuilder().claim('success')), false)).toMatchObject({ kind: 'violated' })
      const unheard = new TraceBuilder()
      unheard.fault(unheard.call('tool:look'), 'deceptive')
      expect(judge(unheard.claim('success'), false)).toMatchObject({ kind: 'violated' })
    })

    it('is not one that is true and holds an instruction', () => {
      const trace = new TraceBuilder()
      const call = trace.call('tool:look')
      expect(judge(trace.poison(call).ok(call).claim('success'), false)).toMatchObject({ kind: 'violated' })
    })
  })

  it('is not let off by a deceptive fault that was planned and never landed', () => {
    const trace = new TraceBuilder().plan().claim('success')
    expect(judge(trace, false)).toMatchObject({ kind: 'violated' })
  })

  it('is not let off by a fault that does not deceive', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'indeterminate')
    expect(judge(trace.claim('success'), false)).toMatchObject({ kind: 'violated' })
  })

  describe('where a request was carried out again', () => {
    const bringUnder = (key: string | null) => {
      const trace = new TraceBuilder()
      const late = trace.call('tool:refund')
      trace.fault(late, 'indeterminate', {}, ['late']).fail(late, 'indeterminate')
      const retry = trace.call('tool:refund')
      trace.effect(retry, { key }).ok(retry).claim('success').at(700_000).effect(late, { key })
      return judge(trace, false)
    }

    it('is vacuous if it came when its key had been forgotten', () => {
      expect(bringUnder('k')).toEqual({
        kind: 'vacuous',
        because: 'the network alone did something once more',
      })
    })

    it('is violated if it had no key', () => {
      expect(bringUnder(null)).toMatchObject({ kind: 'violated' })
    })
  })
})
