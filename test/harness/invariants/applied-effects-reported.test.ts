/** Proves that a failure must speak of what was done, and of nothing that the agent could not know of. */
import { defineScenario, runTrial, say, script, verdictOf } from 'agent-chaos'
import { appliedEffectsReported, type ReportedEffects } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, options?: ReportedEffects) =>
  appliedEffectsReported(options).check(trace.build(), undefined)

function refund(): TraceBuilder {
  const trace = new TraceBuilder()
  const call = trace.call('tool:pay')
  return trace.effect(call).ok(call)
}

const failed = (message: string) => ({ name: 'Error', message })

describe('applied-effects-reported', () => {
  it('is violated by a failure that is silent of an effect, and not by one that names it', () => {
    expect(judge(refund().claim('failure', '', failed('it could not be done')))).toEqual({
      kind: 'violated',
      signature: 'unmentioned:refund',
      story: '"refund 42" took effect, and the failure that was reported is silent of it.',
      evidence: [1, 3],
    })
    expect(judge(refund().claim('failure', '', failed('refunded, but no mail was sent')))).toEqual({ kind: 'held' })
    expect(judge(refund().claim('failure', 'order 42 is half done'))).toEqual({ kind: 'held' })
  })

  it('asks for what may have been done where the answer was lost, and not where it was denied', () => {
    const judgeAfter = (class_: 'indeterminate' | 'definite') => {
      const trace = new TraceBuilder()
      const call = trace.call('tool:pay')
      return judge(trace.effect(call).fail(call, class_).claim('failure'))
    }
    expect(judgeAfter('indeterminate')).toMatchObject({ kind: 'violated' })
    expect(judgeAfter('definite')).toMatchObject({ kind: 'vacuous' })
  })

  it('exempts what was undone, and what was done before a restart', () => {
    const undone = refund()
    const back = undone.call('tool:back')
    undone.effect(back, { kind: 'payback' }).ok(back)
    expect(judge(undone.claim('failure', 'payback done'))).toEqual({ kind: 'held' })
    expect(judge(refund().restart().claim('failure'))).toMatchObject({ kind: 'vacuous' })
  })

  it('exempts what took effect after the answer, and other answers', () => {
    const late = new TraceBuilder()
    const call = late.call('tool:pay')
    late.fail(call, 'indeterminate').claim('failure')
    expect(judge(late.effect(call))).toMatchObject({ kind: 'vacuous' })
    expect(judge(refund().claim('rolled-back'))).toMatchObject({ kind: 'vacuous' })
    expect(judge(refund().claim('success'))).toMatchObject({ kind: 'vacuous' })
  })

  it('asks for the kinds, and by the words, that the scenario gives', () => {
    expect(judge(refund().claim('failure'), { kinds: ['mail'] })).toMatchObject({ kind: 'vacuous' })
    const mentions = (_: unknown, answer: string) => answer.includes('money')
    expect(judge(refund().claim('failure', 'the money is back'), { mentions })).toEqual({ kind: 'held' })
    expect(judge(refund().claim('failure', 'refund 42'), { mentions })).toMatchObject({ kind: 'violated' })
  })
})

/** Refunds, and fails with these words. */
const failing = (message: string) =>
  defineScenario({
    name: 'failing',
    task: 'Refund 42.',
    world: ({ effect }) => ({
      tools: { pay: () => effect({ kind: 'refund', intent: '42', payload: {} }, () => undefined) },
    }),
    model: script([say('unused')]),
    agent: async ({ tools }) => {
      await tools.pay()
      throw new Error(message)
    },
    goal: () => true,
    invariants: [appliedEffectsReported()],
  })

describe('a long answer', () => {
  const verdictWhere = async (message: string) =>
    verdictOf(await runTrial(failing(message)), 'applied-effects-reported')
  const words = (characters: number) => 'We are sorry. '.repeat(characters / 14)

  it('hears what an answer says at the end of some thousand characters, and blames one that says nothing', async () => {
    expect(await verdictWhere(`${words(14_000)} Done: refund 42`)).toEqual({ kind: 'held' })
    expect(await verdictWhere(words(14_000))).toMatchObject({ kind: 'violated' })
  })

  it('is vacuous where the answer is too long to stand in the trace whole, and may name the effect at its end', async () => {
    expect(await verdictWhere(`${words(28_000)} Done: refund 42`)).toEqual({
      kind: 'vacuous',
      because: 'the answer is too long to stand in the trace whole',
    })
    expect(await verdictWhere(`Done: refund 42. ${words(28_000)}`)).toEqual({ kind: 'held' })
  })

  it('is marked in the trace where it was cut', async () => {
    const claimOf = async (message: string) =>
      (await runTrial(failing(message))).trace.events.find((event) => event.kind === 'claim')
    expect(await claimOf(words(28_000))).toMatchObject({ error: { cut: true } })
    expect(await claimOf(words(140))).not.toHaveProperty('error.cut')
  })
})
