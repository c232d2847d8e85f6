/** Proves that a change left half done counts against the agent where it says or could have seen to it that it is whole. */
import { defineScenario, runTrial, say, script, verdictOf } from 'agent-chaos'
import { noPartialEffects } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const half = { status: 'partial', steps: [0], total: 3 } as const

const judge = (builder: TraceBuilder) => noPartialEffects().check(builder.build({ goal: false }), undefined)

/** One call of a tool whose change is left half done by a planned fault. */
function leaveHalfDone(plan: Parameters<TraceBuilder['fault']>[2] = {}): TraceBuilder {
  const trace = new TraceBuilder().at(1_000)
  const tool = trace.call('tool:refund')
  const effect = trace.call('effect:refund', { parent: tool })
  trace.fault(effect, 'indeterminate', plan).effect(effect, half)
  return trace.fail(effect, 'indeterminate').fail(tool, 'indeterminate').at(5_000)
}

describe('no-partial-effects', () => {
  it('is violated by a claim of success over a change that is half done', () => {
    expect(judge(leaveHalfDone().claim('success'))).toEqual({
      kind: 'violated',
      signature: 'half-done:refund',
      story: '"refund 42" was left half done: 1 of 3 steps were applied.',
      evidence: [3],
    })
  })

  it('is violated by a claim of success whatever is still open', () => {
    expect(judge(leaveHalfDone({ closed: false }).claim('success'))).toMatchObject({ kind: 'violated' })
  })

  it('is violated by an honest failure where another try would have completed it', () => {
    expect(judge(leaveHalfDone().claim('failure'))).toMatchObject({ kind: 'violated' })
  })

  it('is held where it was completed later', () => {
    const trace = leaveHalfDone()
    const again = trace.call('tool:refund')
    trace.effect(again, { steps: [1, 2], total: 3 }).ok(again)
    expect(judge(trace.claim('success'))).toEqual({ kind: 'held' })
    expect(
      judge(
        leaveHalfDone()
          .effect(1, { steps: [1, 2], total: 3 })
          .claim('failure'),
      ),
    ).toEqual({ kind: 'held' })
  })

  it('is vacuous where no change was ever half done', () => {
    const trace = new TraceBuilder()
    const tool = trace.call('tool:refund')
    expect(judge(trace.effect(tool, { steps: [0, 1], total: 2 }).claim('success'))).toEqual({
      kind: 'vacuous',
      because: 'no change was left half done at any time',
    })
  })

  it('is not held because of another change that is whole', () => {
    const trace = leaveHalfDone({ closed: false })
    const other = trace.call('tool:email')
    expect(judge(trace.effect(other, { kind: 'email' }).ok(other).claim('failure'))).toMatchObject({ kind: 'vacuous' })
  })

  it('shows all that was done of the change', () => {
    const trace = leaveHalfDone()
    const again = trace.call('tool:refund')
    trace
      .effect(again, { status: 'partial', steps: [1], total: 3 })
      .ok(again)
      .claim('success')
    expect(judge(trace)).toMatchObject({ story: expect.stringContaining('2 of 3 steps'), evidence: [3, 7] })
  })

  describe('is vacuous after an honest failure', () => {
    it('under an open fault', () => {
      expect(judge(leaveHalfDone({ closed: false }).claim('failure'))).toMatchObject({ kind: 'vacuous' })
    })

    it('in an outage that outlasts the answer', () => {
      expect(judge(leaveHalfDone({ endsAt: 5_001 }).claim('failure'))).toMatchObject({ kind: 'vacuous' })
    })

    it('where the next try failed for good', () => {
      const trace = leaveHalfDone()
      trace.strike('tool:refund', 'definite')
      expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'vacuous' })
    })

    it('where it tried again and the outage, over by the answer, was still on', () => {
      const trace = leaveHalfDone({ endsAt: 4_000 })
      trace.at(3_000).strike('tool:refund', 'transient')
      expect(judge(trace.at(5_000).claim('failure'))).toMatchObject({ kind: 'vacuous' })
    })
  })

  it('is vacuous where its model failed it in the end, and violated where the model answered once more', () => {
    const trace = leaveHalfDone()
    trace.strike('model:m', 'transient')
    trace.strike('model:m', 'transient')
    expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'vacuous' })
    const answered = leaveHalfDone()
    answered.strike('model:m', 'transient')
    answered.ok(answered.call('model:m'))
    expect(judge(answered.claim('failure'))).toMatchObject({ kind: 'violated' })
  })

  it('is violated where its model failed it before the change was begun', () => {
    const trace = new TraceBuilder()
    trace.strike('model:m', 'transient')
    const tool = trace.call('tool:refund')
    trace.fault(tool, 'indeterminate').effect(tool, half).fail(tool, 'indeterminate')
    expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'violated' })
  })

  it('is violated by an honest failure where the next try was not disturbed and did not complete it', () => {
    const trace = leaveHalfDone()
    trace.fail(trace.call('tool:refund'))
    expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'violated' })
  })

  it('is vacuous where the agent says that it rolled back, for the ledger cannot tell', () => {
    expect(judge(leaveHalfDone().claim('rolled-back'))).toMatchObject({ kind: 'vacuous' })
  })

  it('is vacuous where the next try was answered with a pretended success', () => {
    const trace = leaveHalfDone()
    const again = trace.call('tool:refund')
    trace.fault(again, 'deceptive').ok(again)
    expect(judge(trace.claim('success'))).toMatchObject({ kind: 'vacuous' })
  })

  it('is violated where the false answer came before the change was half done, or was made good since', () => {
    const deceive = (trace: TraceBuilder) => {
      const look = trace.call('tool:look')
      return trace.fault(look, 'deceptive').ok(look, 'none')
    }
    const before = deceive(new TraceBuilder())
    const effect = before.call('effect:refund', { parent: before.call('tool:refund') })
    before.effect(effect, half).fail(effect, 'indeterminate').fail(2, 'indeterminate')
    expect(judge(before.claim('success'))).toMatchObject({ kind: 'violated' })
    const after = deceive(leaveHalfDone())
    expect(judge(after.ok(after.call('tool:look'), 'half').claim('success'))).toMatchObject({ kind: 'violated' })
  })

  it('is violated by an honest failure where what lasted had been met before the change was begun', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:customer', 'definite')
    const tool = trace.call('tool:refund')
    trace.fault(tool, 'indeterminate').effect(tool, half).fail(tool, 'indeterminate')
    expect(judge(trace.plan({ closed: false }).claim('failure'))).toMatchObject({ kind: 'violated' })
    const since = leaveHalfDone()
    since.strike('tool:customer', 'definite')
    expect(judge(since.claim('failure'))).toMatchObject({ kind: 'vacuous' })
  })

  it('is vacuous where the agent was called off before it answered', () => {
    expect(judge(leaveHalfDone().cancel().claim('failure'))).toMatchObject({ kind: 'vacuous' })
    expect(judge(leaveHalfDone().claim('failure').cancel())).toMatchObject({ kind: 'violated' })
  })

  it('is vacuous where the agent never answered', () => {
    expect(judge(leaveHalfDone())).toMatchObject({ kind: 'vacuous' })
  })
})

/** A change of five steps that an agent tries `tries` times under a key, and then honestly gives up. */
const fiveSteps = (tries: number) =>
  defineScenario({
    name: 'five-steps',
    task: 'Move the order.',
    state: () => ({ done: [] as number[] }),
    world: ({ state, effect }) => ({
      tools: {
        move: () =>
          effect({
            kind: 'move',
            intent: 42,
            key: 'move-42',
            steps: [0, 1, 2, 3, 4].map((step) => () => state.done.push(step)),
          }),
      },
    }),
    model: script([say('unused')]),
    agent: async ({ tools }) => {
      for (let left = tries - 1; ; left--) {
        try {
          return await tools.move()
        } catch (error) {
          if (left === 0) throw error
        }
      }
    },
    goal: ({ state }) => state.done.length === 5,
    invariants: [noPartialEffects()],
  })

describe('an agent with a key', () => {
  const verdict = async (tries: number, plan: string) =>
    verdictOf(await runTrial(fiveSteps(tries), { plan }), 'no-partial-effects')

  it('resumes a change that was left half done', async () => {
    expect(await verdict(2, 'effect:move#1 = effect/partial')).toEqual({ kind: 'held' })
  })

  it('is not blamed for an outage that met each of its tries, although it is over a moment before the answer', async () => {
    expect(await verdict(3, 'effect:move#1 +29s = effect/partial')).toMatchObject({ kind: 'vacuous' })
  })

  it('is blamed for not trying again at all', async () => {
    expect(await verdict(1, 'effect:move#1 = effect/partial')).toMatchObject({ kind: 'violated' })
  })
})
