/** Proves that nothing of a reply that broke off is acted on, and that only what rests on it counts against the agent. */
import { partialReplyNotActedOn } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, goal: boolean | null = false) =>
  partialReplyNotActedOn().check(trace.build({ goal }), undefined)

const refund = 'refund {"orderId":"42"}'
const answer = 'Your order 42 was refunded in full.'

const model = (trace: TraceBuilder, input: string) => trace.call('model:m', { input })
const breakOff = (trace: TraceBuilder, ...toolCalls: string[]) => trace.breakOff(model(trace, 'q1'), '', { toolCalls })
const whole = (trace: TraceBuilder, input: string, ...toolCalls: string[]) =>
  trace.reply(model(trace, input), '', { toolCalls })
const runs = (trace: TraceBuilder, tool: string, input: string) => trace.ok(trace.call(`tool:${tool}`, { input }))

describe('a tool call of a reply that broke off', () => {
  it('must not run, and is shown with the reply', () => {
    const trace = runs(breakOff(new TraceBuilder(), refund), 'refund', '{"orderId":"42"}')
    expect(judge(trace)).toEqual({
      kind: 'violated',
      signature: 'ran:tool:refund',
      story: 'The agent ran tool:refund, which the model had asked for only in a reply that broke off.',
      evidence: [0, 3],
    })
  })

  it('must not run while the rest of the reply is still to come', () => {
    const trace = new TraceBuilder()
    const reply = model(trace, 'q1')
    runs(trace, 'refund', '{"orderId":"42"}').breakOff(reply, '', { toolCalls: [refund] })
    expect(judge(trace)).toMatchObject({ kind: 'violated' })
  })

  it('must not run where an error in the stream broke it, nor after a restart', () => {
    const trace = new TraceBuilder()
    trace.breakOff(model(trace, 'q1'), '', { toolCalls: [refund], action: 'stream-error' }).restart()
    expect(judge(runs(trace, 'refund', '{"orderId":"42"}'))).toMatchObject({ kind: 'violated' })
  })

  it('is known by its name and fields, whatever the agent adds, and by its name where it passes them one by one', () => {
    const added = '{"orderId":"42","idempotencyKey":"k"}'
    expect(judge(runs(breakOff(new TraceBuilder(), refund), 'refund', added))).toMatchObject({ kind: 'violated' })
    expect(judge(runs(breakOff(new TraceBuilder(), refund), 'refund', '["42"]'))).toMatchObject({ kind: 'violated' })
  })

  it('may run once the model asked for it again in a whole reply', () => {
    const trace = whole(breakOff(new TraceBuilder(), refund), 'q1', refund)
    expect(judge(runs(trace, 'refund', '{"orderId":"42"}'))).toEqual({ kind: 'held' })
  })

  it('may not run because the model asked for something else', () => {
    const trace = whole(breakOff(new TraceBuilder(), refund), 'q1', 'look {}', 'refund {"orderId":"7"}')
    expect(judge(runs(trace, 'refund', '{"orderId":"42"}'))).toMatchObject({ kind: 'violated' })
    expect(judge(runs(trace, 'refund', '{"orderId":"7"}'))).toMatchObject({ kind: 'violated', evidence: [0, 5] })
  })

  it('is another than what a whole reply asked for before and is still to be done', () => {
    const trace = breakOff(whole(new TraceBuilder(), 'q0', refund), refund)
    expect(judge(runs(trace, 'refund', '{"orderId":"42"}'))).toEqual({ kind: 'held' })
  })

  it('is not excused by an equal call that was done long ago', () => {
    const before = runs(whole(new TraceBuilder(), 'q0', 'look {}'), 'look', '{}')
    expect(judge(runs(breakOff(before, 'look {}'), 'look', '{}'))).toMatchObject({ signature: 'ran:tool:look' })
  })

  it('is not another call that the agent makes', () => {
    expect(judge(runs(breakOff(new TraceBuilder(), refund), 'escalate', '{}'))).toEqual({ kind: 'held' })
  })
})

describe('a last answer that broke off', () => {
  const lastBroken = (result: string) => {
    const trace = new TraceBuilder().turn()
    return trace.breakOff(model(trace, 'last'), answer).claim('success', result)
  }

  it('must not be taken for success where the goal was missed', () => {
    expect(judge(lastBroken('"done"'))).toEqual({
      kind: 'violated',
      signature: 'taken-as-finished',
      story:
        'The last reply of the model broke off (the answer was cut: clean-end), and the agent claimed success as if it ' +
        'had ended there.',
      evidence: [2, 4, 5],
    })
  })

  it.each([
    ['its beginning', '"Your order"'],
    ['nothing of it', '""'],
    ['its beginning in a field', '{"answer":"Your order 42 was"}'],
    ['its beginning behind what came before', '"I will look. Your order 42 was"'],
  ])('must not be given out, the goal reached or not: %s', (_name, result) => {
    expect(judge(lastBroken(result), true)).toMatchObject({ kind: 'violated', signature: 'truncated-answer' })
  })

  it.each(['"done"', '{"refunded":true}', '', `"${answer}"`, '"Refunded. Your"'])(
    'is no fault where the goal was reached and the answer does not rest on it: %s',
    (result) => {
      expect(judge(lastBroken(result), true)).toEqual({ kind: 'held' })
    },
  )

  it('is inconclusive where it hangs on a goal that could not be evaluated', () => {
    expect(judge(lastBroken('"done"'), null)).toEqual({ kind: 'inconclusive', because: 'goal() threw' })
  })

  it('is no fault where the agent was deceived, or does not claim success', () => {
    const deceived = new TraceBuilder()
    deceived.fault(deceived.call('tool:a'), 'deceptive')
    expect(judge(deceived.breakOff(model(deceived, 'last'), answer).claim('success', '"x"'))).toEqual({ kind: 'held' })
    const honest = new TraceBuilder()
    expect(judge(honest.breakOff(model(honest, 'last'), answer).claim('failure'))).toEqual({ kind: 'held' })
  })

  it('is no fault where it was asked for again', () => {
    const trace = new TraceBuilder()
    trace.breakOff(model(trace, 'last'), answer)
    expect(judge(trace.reply(model(trace, 'last'), answer).claim('success', '"Your order"'))).toEqual({ kind: 'held' })
  })
})

describe('partial-reply-not-acted-on', () => {
  it('is vacuous where no reply broke off, though calls failed', () => {
    const trace = new TraceBuilder().turn()
    trace.strike('model:m', 'transient')
    expect(judge(trace)).toEqual({ kind: 'vacuous', because: 'no reply of the model broke off' })
  })
})
