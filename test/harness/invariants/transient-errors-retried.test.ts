/** Proves that giving up counts against the agent only where one more try was possible, and one is enough. */
import { defineScenario, runTrial, say, script, verdictOf } from 'agent-chaos'
import { transientErrorsRetried } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (builder: TraceBuilder, goal: boolean | null = false) =>
  transientErrorsRetried().check(builder.build({ goal }), undefined)

describe('transient-errors-retried', () => {
  it('is violated by giving up after one error, and shows it', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'transient')
    expect(judge(trace.claim('failure'))).toEqual({
      kind: 'violated',
      signature: 'tool:refund',
      story: 'The agent gave up on tool:refund after one error that would have passed.',
      evidence: [2],
    })
  })

  it('is satisfied by one more try, whatever came of it', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'transient')
    trace.strike('tool:refund', 'transient')
    expect(judge(trace.claim('failure'))).toEqual({ kind: 'held' })
  })

  it('is satisfied by another try in other words: a new key, or the model putting it anew', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'transient', { input: '{"key":1}' })
    trace.strike('tool:refund', 'transient', { input: '{"key":2}' })
    expect(judge(trace.claim('failure'))).toEqual({ kind: 'held' })
  })

  const ask = (text: string) =>
    ({ input: text, messages: [{ role: 'user', blocks: [{ kind: 'text', text }] }] }) as const

  it('is satisfied by the same question to another model, whatever came of it', () => {
    const refused = new TraceBuilder()
    refused.strike('model:m', 'transient', ask('Refund 42.'))
    refused.reply(refused.call('model:other', ask('Refund 42.')))
    expect(judge(refused.claim('failure'))).toEqual({ kind: 'held' })
    const failed = new TraceBuilder()
    failed.strike('model:m', 'transient', ask('Refund 42.'))
    failed.strike('model:other', 'transient', ask('Refund 42.'))
    expect(judge(failed.claim('failure'))).toEqual({ kind: 'held' })
  })

  it('is not satisfied by another question to another model, nor by one that failed for good before', () => {
    const another = new TraceBuilder()
    another.strike('model:m', 'transient', ask('Refund 42.'))
    another.reply(another.call('model:other', ask('Write an apology.')))
    expect(judge(another.claim('failure'))).toMatchObject({ kind: 'violated', signature: 'model:m' })
    const forGood = new TraceBuilder()
    forGood.strike('model:m', 'definite', ask('Refund 42.'))
    forGood.strike('model:other', 'transient', ask('Refund 42.'))
    expect(judge(forGood.claim('failure'))).toMatchObject({ kind: 'violated', signature: 'model:other' })
  })

  const giveUpWhenAsked = (retryAfter: string, finer?: { readonly retryAfterMs: string }) => {
    const trace = new TraceBuilder()
    const call = trace.call('model:m')
    trace.fault(call, 'transient').fail(call, 'transient', { name: 'HttpError', status: 503, retryAfter, ...finer })
    return judge(trace.claim('failure'))
  }

  it('lets an agent give up that was told to wait for more than a minute', () => {
    expect(giveUpWhenAsked('61')).toMatchObject({ kind: 'vacuous' })
  })

  it('says how long an agent must be ready to wait, in seconds', () => {
    expect(transientErrorsRetried().exemptions?.['told-to-wait']).toContain('to wait for more than 60 s,')
  })

  it('lets an agent give up that goes by the longer of two headers that disagree', () => {
    expect(giveUpWhenAsked('1', { retryAfterMs: '61000' })).toMatchObject({ kind: 'vacuous' })
    expect(giveUpWhenAsked('61', { retryAfterMs: '1000' })).toMatchObject({ kind: 'vacuous' })
    expect(giveUpWhenAsked('60', { retryAfterMs: '1000' })).toMatchObject({ kind: 'violated' })
  })

  it('holds an agent that was told to wait for a minute', () => {
    expect(giveUpWhenAsked('60')).toMatchObject({ kind: 'violated' })
  })

  it('does not take a call that follows a success for another try', () => {
    const trace = new TraceBuilder()
    trace.ok(trace.call('tool:search', { input: '1' }))
    trace.strike('tool:search', 'transient', { input: '2' })
    expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'violated' })
  })

  it('does not take a call that had begun before the error for another try', () => {
    const trace = new TraceBuilder()
    const [one, two] = [trace.call('tool:search', { input: '1' }), trace.call('tool:search', { input: '2' })]
    trace.fault(one, 'transient').fail(one, 'transient').ok(two)
    expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'violated' })
  })

  it('holds no agent to what it learnt just before it crashed', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:search', 'transient')
    trace.at(1_000).restart()
    expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'vacuous' })
  })

  it('holds it to what it learns when it is started again', () => {
    const later = new TraceBuilder()
    later.at(1_000).restart()
    later.strike('tool:search', 'transient')
    expect(judge(later.claim('failure'))).toMatchObject({ kind: 'violated' })
  })

  it('does not take another tool for another try', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'transient')
    trace.ok(trace.call('tool:apologise'))
    expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'violated', signature: 'tool:refund' })
  })

  it('is held where the goal was reached by another way', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'transient')
    trace.ok(trace.call('tool:refund-by-hand'))
    expect(judge(trace.claim('success'), true)).toEqual({ kind: 'held' })
  })

  it('is inconclusive where it hangs on a goal that could not be evaluated', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'transient')
    expect(judge(trace.claim('failure'), null)).toEqual({ kind: 'inconclusive', because: 'goal() threw' })
  })

  it.each(['definite', 'indeterminate', 'unknown'] as const)('is vacuous where calls failed as %s', (class_) => {
    const trace = new TraceBuilder()
    trace.fail(trace.call('tool:refund'), class_)
    expect(judge(trace.claim('failure'))).toEqual({ kind: 'vacuous', because: 'no call failed for the moment' })
  })

  describe('where nobody could have done better', () => {
    const giveUp = (plan: Parameters<TraceBuilder['fault']>[2]) => {
      const trace = new TraceBuilder().at(1_000)
      trace.strike('tool:refund', 'transient', {}, plan)
      return trace.at(5_000).claim('failure')
    }

    it('is vacuous under an open fault', () => {
      expect(judge(giveUp({ closed: false }))).toMatchObject({ kind: 'vacuous' })
    })

    it('is vacuous under an outage that outlasts the answer', () => {
      expect(judge(giveUp({ endsAt: 5_001 }))).toMatchObject({ kind: 'vacuous' })
    })

    it('is put to the test by an outage that was over when the agent answered', () => {
      expect(judge(giveUp({ endsAt: 5_000 }))).toMatchObject({ kind: 'violated' })
    })

    it('is put to the test by a fault that struck the very last call, for it was over with that', () => {
      expect(judge(giveUp({ endsAt: null }))).toMatchObject({ kind: 'violated' })
    })

    it('is put to the test where a fault of the plan is open that the agent never met', () => {
      expect(judge(giveUp({}).plan({ closed: false }))).toMatchObject({ kind: 'violated' })
    })

    it('is vacuous where another call met what lasts since, for then an honest failure is right', () => {
      const meet = (class_: 'definite' | 'transient', plan: Parameters<TraceBuilder['fault']>[2]) => {
        const trace = new TraceBuilder()
        trace.strike('tool:refund', 'transient')
        for (let n = 0; n < 2; n++) trace.strike('tool:customer', class_, {}, plan)
        return judge(trace.claim('failure'))
      }
      expect(meet('definite', {})).toMatchObject({ kind: 'vacuous' })
      expect(meet('transient', { closed: false })).toMatchObject({ kind: 'vacuous' })
      expect(meet('transient', {})).toMatchObject({ kind: 'violated' })
    })

    it('is put to the test where it met what lasts before, and went on all the same', () => {
      const goOn = (class_: 'definite' | 'transient', closed: boolean) => {
        const trace = new TraceBuilder()
        trace.strike('tool:customer', class_, {}, { closed })
        trace.strike('tool:refund', 'transient')
        return judge(trace.claim('failure'))
      }
      expect(goOn('definite', true)).toMatchObject({ kind: 'violated', signature: 'tool:refund' })
      const beside = new TraceBuilder()
      const customer = beside.call('tool:customer')
      beside.strike('tool:refund', 'transient')
      beside.fault(customer, 'definite').fail(customer, 'definite')
      expect(judge(beside.claim('failure'))).toMatchObject({ kind: 'vacuous' })
    })

    it('is vacuous where the agent was called off before it answered, and not where that came after', () => {
      const trace = () => {
        const built = new TraceBuilder()
        built.strike('tool:refund', 'transient')
        return built
      }
      expect(judge(trace().cancel().claim('failure'))).toMatchObject({ kind: 'vacuous' })
      expect(judge(trace().claim('failure').cancel())).toMatchObject({ kind: 'violated' })
    })

    it('is held where each call was tried again, whatever lasts', () => {
      const trace = new TraceBuilder()
      for (let n = 0; n < 2; n++) trace.strike('tool:refund', 'transient', {}, { closed: false })
      expect(judge(trace.claim('failure'))).toEqual({ kind: 'held' })
    })

    const failLate = (goesOn: boolean) => {
      const trace = new TraceBuilder()
      const slow = trace.call('tool:refund')
      trace.at(2_000)
      if (goesOn) trace.ok(trace.call('tool:apologise'))
      trace.at(5_000).fault(slow, 'transient').fail(slow, 'transient')
      return judge(trace.claim('failure'))
    }

    it('is vacuous where the error came so late that the agent had gone on', () => {
      expect(failLate(true)).toMatchObject({ kind: 'vacuous' })
    })

    it('is put to the test by an error as late that it had waited for', () => {
      expect(failLate(false)).toMatchObject({ kind: 'violated' })
    })

    it('does not count failures from before a crash: the agent has forgotten them', () => {
      const trace = new TraceBuilder()
      for (let n = 1; n <= 5; n++) trace.fail(trace.call('tool:search', { input: '1' }), 'unknown')
      trace.restart()
      trace.strike('tool:refund', 'transient')
      expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'violated' })
    })

    it('is not let off by a refusal that the agent brought about itself', () => {
      const trace = new TraceBuilder()
      trace.strike('tool:refund', 'transient')
      trace.fail(trace.call('model:m'), 'definite')
      expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'violated' })
    })

    it('is vacuous where so many calls had failed before, or were given up, that the agent may have had enough', () => {
      const after = (failures: number, slow: number) => {
        const trace = new TraceBuilder()
        for (let n = 1; n <= failures; n++) trace.fail(trace.call('tool:search', { input: '1' }), 'unknown')
        for (let n = 1; n <= slow; n++) {
          const call = trace.at(n * 20_000).call('tool:read', { input: String(n) })
          trace.fault(call, 'transient', {}, ['delay'])
          trace.at((n + 1) * 20_000).ok(call)
        }
        // An answer that takes its time by itself is none.
        for (let n = 1; n <= 9; n++) {
          const call = trace.call('model:m', { input: String(n) })
          trace.at(1_000_000 + n * 6_000).ok(call)
        }
        trace.strike('tool:refund', 'transient')
        return judge(trace.claim('failure'))
      }
      expect([after(4, 0), after(2, 2)]).toMatchObject([{ kind: 'violated' }, { kind: 'violated' }])
      expect([after(5, 0), after(2, 3)]).toMatchObject([{ kind: 'vacuous' }, { kind: 'vacuous' }])
    })

    it('is vacuous where the agent never answered', () => {
      const trace = new TraceBuilder()
      trace.strike('tool:refund', 'transient')
      expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
    })

    it('does not ask about an error that came after the answer', () => {
      const trace = new TraceBuilder()
      const call = trace.call('tool:refund')
      trace.claim('failure').fault(call, 'transient').fail(call, 'transient')
      expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
    })
  })
})

/** Looks a price up in one place, and in another where that fails. */
const withFallback = defineScenario({
  name: 'with-fallback',
  task: 'Look the price up.',
  world: () => ({ tools: { cache: async () => 42, shop: async () => 42 } }),
  model: script([say('unused')]),
  agent: ({ tools }) => tools.cache().catch(() => tools.shop()),
  goal: ({ result }) => result === 42,
  invariants: [transientErrorsRetried()],
})

describe('an agent with a fallback', () => {
  it('is right not to retry what it does not need', async () => {
    const trial = await runTrial(withFallback, { plan: 'tool:cache#1 = tool/unavailable' })
    expect(verdictOf(trial, 'transient-errors-retried')).toEqual({ kind: 'held' })
  })

  it('is judged where both fail and it gives up', async () => {
    const plan = 'tool:cache#1 = tool/unavailable; tool:shop#1 = tool/unavailable'
    expect(verdictOf(await runTrial(withFallback, { plan }), 'transient-errors-retried')).toMatchObject({
      kind: 'violated',
    })
  })

  it('is not judged where the other place is closed for good', async () => {
    const plan = 'tool:cache#1 = tool/unavailable; tool:shop#1 = tool/bad-request'
    expect(verdictOf(await runTrial(withFallback, { plan }), 'transient-errors-retried')).toMatchObject({
      kind: 'vacuous',
    })
  })
})
