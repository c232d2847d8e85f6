/** Proves that nothing of a reply that broke off is acted on, and that only what rests on it counts against the agent. */
import { partialReplyNotActedOn } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, goal: boolean | null = false) =>
  partialReplyNotActedOn().check(trace.build({ goal }), undefined)

const answer = 'Your order 42 was refunded in full.'
const full = '{"orderId":"42","cents":4200,"note":"Sorry for the delay"}'
const refund = `refund ${full}`

const model = (trace: TraceBuilder, input: string) => trace.call('model:m', { input })
/** The model asks for a refund, and so much of its input comes. */
const cutAfter = (trace: TraceBuilder, came: string, ...before: string[]) =>
  trace.breakOff(model(trace, 'q1'), '', { toolCalls: [...before, refund], came })
const whole = (trace: TraceBuilder, input: string, ...toolCalls: string[]) =>
  trace.reply(model(trace, input), '', { toolCalls })
const runs = (trace: TraceBuilder, tool: string, input: string) => trace.ok(trace.call(`tool:${tool}`, { input }))
const [inCents, inNote] = ['{"orderId":"42","cents":42', '{"orderId":"42","cents":4200,"note":"Sorry for']

describe('a tool call that was cut', () => {
  it('must not run, and is shown with the reply', () => {
    expect(judge(runs(cutAfter(new TraceBuilder(), inCents), 'refund', '{"orderId":"42","cents":42}'))).toEqual({
      kind: 'violated',
      signature: 'ran:tool:refund',
      story:
        'The agent ran tool:refund, for which the model had asked only in a reply that broke off in the middle of that call.',
      evidence: [0, 3],
    })
  })

  it.each([
    ['as it came', inNote, '{"orderId":"42","cents":4200,"note":"Sorry for"}'],
    ['with less than came', inNote, '{"orderId":"42","cents":4200,"note":"Sorry"}'],
    ['with the last field left out', inNote, '{"orderId":"42","cents":4200}'],
    ['with nothing in its place', inCents, '{"orderId":"42","cents":null}'],
    ['with what the agent adds', inCents, '{"orderId":"42","cents":42,"idempotencyKey":"k"}'],
    ['with all its fields, though it was not closed', full.slice(0, -1), full],
    ['with no input, of which none came', '', '{}'],
    ['with no input, of which much came', inNote, '{}'],
    ['run together with the next attempt', '{"orderId":"4', '{"orderId":"442","cents":4200}'],
    ['run together with the whole next input', '{"orderId":"4', `{"orderId":"4{\\"orderId\\":\\"42"}`],
    ['field by field', inCents, '["42"]'],
  ])('must not run %s', (_, came, input) => {
    expect(judge(runs(cutAfter(new TraceBuilder(), came), 'refund', input))).toMatchObject({ kind: 'violated' })
  })

  it.each([
    ['of other values', inCents, '{"orderId":"7","cents":4200}'],
    ['of values that the agent can only have from elsewhere', '{"orderId":"4', '{"orderId":"42","cents":4200}'],
    ['of which nothing had come, though values were given', '{', '{"orderId":"42"}'],
    ['of another amount', inCents, '{"orderId":"42","cents":4300}'],
    ['with other values by their place', inCents, '["7",42]'],
  ])('is not a run %s', (_, came, input) => {
    expect(judge(runs(cutAfter(new TraceBuilder(), came), 'refund', input))).toEqual({ kind: 'held' })
  })

  it('is not another tool', () => {
    expect(judge(runs(cutAfter(new TraceBuilder(), '{'), 'escalate', '{}'))).toEqual({ kind: 'held' })
  })

  /** What the agent sends of itself, for a tool that it runs where nobody sees it. */
  const sends = (trace: TraceBuilder, body: string) =>
    trace.ok(trace.call('http:POST pay.example.com/refunds', { input: body }))

  it('must not be sent with a value that was cut, where the tool runs unseen', () => {
    expect(judge(sends(cutAfter(new TraceBuilder(), inCents), '{"order":"42","cents":42}'))).toEqual({
      kind: 'violated',
      signature: 'ran:http:POST pay.example.com/refunds',
      story:
        'The agent called http:POST pay.example.com/refunds with cents "42", of which only that had come when the reply of ' +
        'the model broke off.',
      evidence: [0, 3],
    })
    const inOrder = cutAfter(new TraceBuilder(), '{"orderId":"4')
    expect(judge(sends(inOrder, '{"orderId":"4 "}'))).toMatchObject({ kind: 'violated' })
  })

  it('is not put to the test by other values that are sent, where the tool runs unseen', () => {
    const untied = {
      kind: 'vacuous',
      because:
        'nothing ties what was sent after a reply broke off to what that asked for: the agent runs its tools where they ' +
        'are not seen; pass them through `instrument`',
    }
    expect(judge(sends(cutAfter(new TraceBuilder(), inCents), '{"order":"42","amount":42}'))).toEqual(untied)
    expect(judge(sends(cutAfter(new TraceBuilder(), inCents), full))).toEqual(untied)
    const askedAgain = whole(cutAfter(new TraceBuilder(), inCents), 'q2', refund)
    expect(judge(sends(askedAgain, '{"orderId":"42","cents":42}'))).toEqual(untied)
    const askedBefore = whole(new TraceBuilder(), 'q0', 'refund {"orderId":"7","cents":42}')
    expect(judge(sends(cutAfter(askedBefore, inCents), '{"orderId":"7","cents":42}'))).toEqual(untied)
    expect(judge(cutAfter(new TraceBuilder(), inCents))).toEqual({ kind: 'held' })
    const seen = runs(new TraceBuilder(), 'refund', '{"orderId":"7","cents":1}')
    expect(judge(sends(cutAfter(seen, inCents), '{"order":"42","cents":42}'))).toEqual({ kind: 'held' })
  })

  describe('that was handed to the tool all the same', () => {
    const halfRun = '{"orderId":"42","cents":42}'
    const begin = (input = halfRun) => {
      const trace = cutAfter(new TraceBuilder(), inCents)
      return { trace, run: trace.call('tool:refund', { input }) }
    }

    it('did not run where the tool itself refused its input', () => {
      const { trace, run } = begin()
      expect(judge(trace.fail(run, 'unknown', { message: 'cents: expected more' }))).toEqual({ kind: 'held' })
    })

    it('did not run where a fault only delayed the refusal', () => {
      const { trace, run } = begin()
      trace.fault(run, 'transient', {}, ['delay'])
      expect(judge(trace.fail(run, 'unknown', {}))).toEqual({ kind: 'held' })
    })

    it('ran where the tool failed behind something that it had done', () => {
      const { trace, run } = begin()
      trace.ok(trace.call('http:POST pay.example.com/refunds', { input: '{"cents":42}', parent: run }))
      expect(judge(trace.fail(run, 'unknown', {}))).toMatchObject({ kind: 'violated' })
    })

    it('did not run where a fault struck the call, which may have hidden a refusal', () => {
      const { trace, run } = begin()
      trace.fault(run, 'indeterminate')
      expect(judge(trace.fail(run, 'indeterminate', {}))).toEqual({ kind: 'held' })
    })

    it('ran where a fault struck the call behind something that it had done', () => {
      const { trace, run } = begin()
      trace.fault(run, 'indeterminate')
      trace.ok(trace.call('http:POST pay.example.com/refunds', { input: '{"cents":42}', parent: run }))
      expect(judge(trace.fail(run, 'indeterminate', {}))).toMatchObject({ kind: 'violated' })
    })

    it('is no matter where all that was done has each value as the model meant it', () => {
      const { trace, run } = begin()
      trace.ok(trace.call('http:POST pay.example.com/refunds', { input: full, parent: run }))
      expect(judge(trace.ok(run))).toEqual({ kind: 'held' })
    })

    it('did not run where the call never ended, and nothing was done before the agent started again', () => {
      const { trace } = begin()
      trace.restart()
      trace.ok(trace.call('http:POST pay.example.com/refunds', { input: '{"cents":42}' }))
      expect(judge(trace)).toEqual({ kind: 'held' })
    })

    it('did not run where the tool succeeded without the work that is seen of it at other times', () => {
      const earlier = new TraceBuilder()
      const done = earlier.call('tool:refund', { input: full })
      earlier.ok(earlier.call('http:POST pay.example.com/refunds', { input: full, parent: done }))
      const trace = cutAfter(earlier.fail(done, 'indeterminate', {}), inCents)
      expect(judge(runs(trace, 'refund', halfRun))).toEqual({ kind: 'held' })
      const other = new TraceBuilder()
      other.ok(other.call('http:POST pay.example.com/refunds', { input: full, parent: other.call('tool:pay') }))
      expect(judge(runs(cutAfter(other, inCents), 'refund', halfRun))).toMatchObject({ kind: 'violated' })
    })

    const inOwnWords = (note: string) => {
      const trace = cutAfter(new TraceBuilder(), inNote)
      const run = trace.call('tool:refund', { input: '{"orderId":"42","cents":4200,"note":"Sorry for"}' })
      const sent = JSON.stringify({ orderId: '42', cents: 4200, note })
      trace.ok(trace.call('http:POST pay.example.com/refunds', { input: sent, parent: run }))
      return judge(trace.ok(run))
    }

    it('is no matter where the tool says in words of its own what was cut', () => {
      expect(inOwnWords('You have your money back.')).toEqual({ kind: 'held' })
    })

    it.each(['Sorry for', 'Sorry', 'Sorry forSorry for the delay'])('counts where its words are %j', (note) => {
      expect(inOwnWords(note)).toMatchObject({ kind: 'violated' })
    })

    it.each([
      ['a value as it was cut', halfRun],
      ['a cut value left out', '{"orderId":"42"}'],
    ])('counts where something was done with %s', (_, sent) => {
      const { trace, run } = begin()
      trace.ok(trace.call('http:POST pay.example.com/refunds', { input: full, parent: run }))
      trace.ok(trace.call('http:POST pay.example.com/refunds', { input: sent, parent: run }))
      expect(judge(trace.ok(run))).toMatchObject({ kind: 'violated' })
    })
  })

  it('must not run while the rest of the reply is still to come', () => {
    const trace = new TraceBuilder()
    const reply = model(trace, 'q1')
    runs(trace, 'refund', '{"orderId":"42","cents":42}').breakOff(reply, '', { toolCalls: [refund], came: inCents })
    expect(judge(trace)).toMatchObject({ kind: 'violated' })
  })

  it('must not run where an error in the stream broke it, nor after a restart', () => {
    const trace = new TraceBuilder()
    trace.breakOff(model(trace, 'q1'), '', { toolCalls: [refund], came: inCents, action: 'stream-error' }).restart()
    expect(judge(runs(trace, 'refund', '{"orderId":"42","cents":42}'))).toMatchObject({ kind: 'violated' })
  })

  it('may run once the model asked for it again in a whole reply', () => {
    const trace = whole(cutAfter(new TraceBuilder(), full.slice(0, -1)), 'q1', refund)
    expect(judge(runs(trace, 'refund', full))).toEqual({ kind: 'held' })
  })

  it('may not run with what was cut because the model asked again', () => {
    const trace = whole(cutAfter(new TraceBuilder(), inCents), 'q1', refund)
    expect(judge(runs(trace, 'refund', '{"orderId":"42","cents":42}'))).toMatchObject({ kind: 'violated' })
  })

  it('may run in the form that the agent gives to every call', () => {
    const trace = whole(cutAfter(new TraceBuilder(), '{"orderId":"42","cents":4'), 'q1', refund)
    expect(judge(runs(trace, 'refund', '{"orderId":"42","cents":"42.00"}'))).toEqual({ kind: 'held' })
  })

  it('is another than what a whole reply asked for before and is still to be done', () => {
    const trace = cutAfter(whole(new TraceBuilder(), 'q0', refund), full.slice(0, -1))
    expect(judge(runs(trace, 'refund', full))).toEqual({ kind: 'held' })
  })

  it('is not excused by an equal call that was done long ago', () => {
    const before = runs(whole(new TraceBuilder(), 'q0', refund), 'refund', full)
    expect(judge(runs(cutAfter(before, full.slice(0, -1)), 'refund', full))).toMatchObject({ kind: 'violated' })
  })
})

describe('a tool call of a whole reply whose input is cut off or no JSON', () => {
  const endsIn = (came: string, ...before: string[]) => {
    const trace = new TraceBuilder()
    return trace.replyBroken(model(trace, 'q1'), { toolCalls: [...before, refund], came, stop: 'max-tokens' })
  }
  const givesMalformed = (came: string) => {
    const trace = new TraceBuilder()
    return trace.replyBroken(model(trace, 'q1'), { toolCalls: [refund], came, stop: 'tool-use' })
  }

  it('must not run, and the story says why', () => {
    expect(judge(runs(endsIn(inCents), 'refund', '{"orderId":"42","cents":42}'))).toEqual({
      kind: 'violated',
      signature: 'ran:tool:refund',
      story:
        'The agent ran tool:refund, for which the model had asked only in a reply that ended in the middle of that call (max-tokens).',
      evidence: [0, 2],
    })
    expect(judge(runs(givesMalformed(inCents), 'refund', '{"orderId":"42","cents":42}'))).toMatchObject({
      story: 'The agent ran tool:refund, for which the model had asked only in a call whose input is no JSON.',
    })
  })

  it.each([
    ['with what could be read of it', inCents, '{"orderId":"42"}'],
    ['with nothing in its place', inNote, '{}'],
    ['with nothing, of which nothing can be read', "{'orderId':'42'}", '{}'],
    ['with its text', "{'orderId':'42'}", `["{'orderId':'42'}"]`],
    ['of what no reader can make out', '{"orderId": forty-two}', '{}'],
  ])('must not run %s', (_, came, input) => {
    expect(judge(runs(endsIn(came), 'refund', input))).toMatchObject({ kind: 'violated' })
    expect(judge(runs(givesMalformed(came), 'refund', input))).toMatchObject({ kind: 'violated' })
  })

  it('may run as the model meant it', () => {
    for (const came of [`${full}${full}`, full.replaceAll('"', "'"), full.slice(0, -1)]) {
      expect(judge(runs(givesMalformed(came), 'refund', full))).toEqual({ kind: 'held' })
    }
    expect(judge(runs(endsIn(full.slice(0, -1)), 'refund', full))).toEqual({ kind: 'held' })
    const byPlace = '["42",4200,"Sorry for the delay"]'
    expect(judge(runs(givesMalformed(`${full}${full}`), 'refund', byPlace))).toEqual({ kind: 'held' })
  })

  it('must not run as the model meant it where the reply itself broke off', () => {
    expect(judge(runs(cutAfter(new TraceBuilder(), full.slice(0, -1)), 'refund', full))).toMatchObject({
      kind: 'violated',
    })
  })

  it('may be refused to the model, which then asks for it again', () => {
    for (const trace of [endsIn(inCents), givesMalformed(inCents)]) {
      expect(judge(runs(whole(trace, 'q2', refund), 'refund', full))).toEqual({ kind: 'held' })
    }
  })

  it('keeps no call from running that came whole before it', () => {
    expect(judge(runs(endsIn(inCents, 'look {"at":"42"}'), 'look', '{"at":"42"}'))).toEqual({ kind: 'held' })
    expect(judge(runs(endsIn('{', refund), 'refund', full))).toEqual({ kind: 'held' })
  })

  it('is no last answer that broke off', () => {
    expect(judge(endsIn(inCents).claim('success', '"done"'))).toEqual({ kind: 'held' })
  })
})

describe('a tool call that had come whole', () => {
  it('may run, whatever broke after it', () => {
    const trace = new TraceBuilder()
    trace.breakOff(model(trace, 'q1'), '', { toolCalls: [refund] })
    expect(judge(runs(trace, 'refund', full))).toEqual({ kind: 'held' })
  })

  it('may run where a further one was cut, which may not', () => {
    const look = 'look {"at":"42"}'
    const cut = () => cutAfter(new TraceBuilder(), inCents, look)
    expect(judge(runs(cut(), 'look', '{"at":"42"}'))).toEqual({ kind: 'held' })
    expect(judge(runs(cut(), 'refund', '{"orderId":"42","cents":42}'))).toMatchObject({ kind: 'violated' })
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
    const lie = deceived.call('tool:a')
    deceived.fault(lie, 'deceptive').ok(lie)
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
    expect(judge(trace)).toEqual({
      kind: 'vacuous',
      because: 'no reply of the model broke off, and none held a call that was broken',
    })
  })
})
