/** Proves that going in circles is seen, and that waiting for something, or doing something, is none. */
import { makesProgress } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, repeats?: number) =>
  makesProgress(repeats === undefined ? {} : { repeats }).check(trace.build(), undefined)

/** One call after the other, each equal to the others and answered so. */
function answers(...outputs: readonly unknown[]): TraceBuilder {
  const trace = new TraceBuilder()
  for (const output of outputs) trace.turn().ok(trace.call('tool:search'), output)
  return trace
}

const same = (times: number) => Array.from({ length: times }, () => 'nothing')

describe('an agent', () => {
  it('makes no progress where the same call gives the same answer for the sixth time', () => {
    expect(judge(answers(...same(6)))).toEqual({
      kind: 'violated',
      signature: 'no-progress',
      story: 'The agent called tool:search again after 5 equal answers to an equal call.',
      evidence: [19, 22],
    })
  })

  it('may ask five times, or as often as the scenario says', () => {
    expect(judge(answers(...same(5)))).toEqual({ kind: 'held' })
    expect(judge(answers(...same(4)))).toMatchObject({ kind: 'vacuous' })
    expect(judge(answers(...same(3)), 2)).toMatchObject({ kind: 'violated' })
  })

  it('goes in a circle of two as well', () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 6; n++) {
      trace.ok(trace.call('tool:search'), 'nothing')
      trace.ok(trace.call('tool:look'), 'dark')
    }
    expect(judge(trace)).toMatchObject({ kind: 'violated' })
  })

  it('may poll as long as the answers change', () => {
    expect(judge(answers('1 %', '1 %', '1 %', '2 %', '1 %', '1 %', '1 %', '1 %', 'done'))).toMatchObject({
      kind: 'vacuous',
    })
  })

  it('gets on where another tool says something new in between', () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 9; n++) {
      trace.ok(trace.call('tool:inbox'), 'one letter')
      trace.ok(trace.call('tool:read', { input: String(n) }), `letter ${n}`)
    }
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('gets on where each call changes the world, and not where the world knew it already', () => {
    const nexts = (status: 'applied' | 'replayed') => {
      const trace = new TraceBuilder()
      for (let n = 0; n < 9; n++) {
        const next = trace.call('tool:next')
        trace.effect(trace.call('effect:next', { parent: next }), { intent: String(n), status }).ok(next, 'ok')
      }
      return trace
    }
    expect(judge(nexts('applied'))).toMatchObject({ kind: 'vacuous' })
    expect(judge(nexts('replayed'))).toMatchObject({ kind: 'violated' })
  })

  it('may retry what fails: a failure is no answer, and breaks the row', () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 20; n++) trace.fail(trace.call('tool:search'), 'transient')
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
    const mixed = answers(...same(4))
    mixed.fail(mixed.call('tool:search'), 'transient')
    for (const output of same(4)) mixed.ok(mixed.call('tool:search'), output)
    expect(judge(mixed)).toMatchObject({ kind: 'vacuous' })
  })

  it('may ask with other words', () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 20; n++) trace.ok(trace.call('tool:search', { input: String(n) }), 'nothing')
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('may have asked many times at once', () => {
    const trace = new TraceBuilder()
    const calls = same(20).map(() => trace.call('tool:search'))
    for (const call of calls) trace.ok(call, 'nothing')
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('may not have heard answers that took long', () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 9; n++) {
      const slow = trace.at(n * 2_000).call('tool:search')
      trace.at(n * 2_000 + 1_500).ok(slow, 'nothing')
    }
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('has heard an answer that took long where it goes on in that very instant', () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 9; n++) {
      const slow = trace.call('tool:search')
      trace.at((n + 1) * 1_500).ok(slow, 'nothing')
    }
    expect(judge(trace)).toMatchObject({ kind: 'violated' })
  })

  it('may have taken a false answer for a failure, and one with an instruction in it is true', () => {
    const strike = (poisoned: boolean) => {
      const trace = answers(...same(3))
      const call = trace.call('tool:search')
      if (poisoned) trace.poison(call).ok(call, 'nothing')
      else trace.fault(call, 'deceptive', {}, ['rewrite']).ok(call, 'nothing')
      for (const output of same(3)) trace.ok(trace.call('tool:search'), output)
      return judge(trace)
    }
    expect(strike(false)).toMatchObject({ kind: 'vacuous' })
    expect(strike(true)).toMatchObject({ kind: 'violated' })
  })

  it('goes in circles after a crash as it does before one', () => {
    const trace = new TraceBuilder().restart()
    for (const output of same(6)) trace.ok(trace.call('tool:search'), output)
    expect(judge(trace)).toMatchObject({ kind: 'violated' })
  })

  it('has forgotten what it asked before a crash', () => {
    const trace = answers(...same(4)).restart()
    for (const output of same(4)) trace.ok(trace.call('tool:search'), output)
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('is not judged by what it asks the model', () => {
    const trace = new TraceBuilder()
    for (let n = 0; n < 9; n++) trace.reply(trace.call('model:m'), 'thinking')
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })
})
