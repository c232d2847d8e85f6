/** Proves that how a change came to be made twice is told as it was, and what to do about it. */
import { expect, it } from 'vitest'
import { repeatOf } from '../../../../harness/invariants/reading/repeats.js'
import { TraceBuilder } from '../../../support/invariants/trace-builder.js'

function repeatIn(trace: TraceBuilder) {
  const whole = trace.build()
  const changes = whole.events.flatMap((event, index) => (event.kind === 'effect' ? [{ event, index }] : []))
  return repeatOf(whole, changes)
}

type End = (trace: TraceBuilder, crossing: number) => TraceBuilder

/** The tool makes its change twice, in two calls; `end` is how the first of them went. */
function twice(
  end: End,
  between: (trace: TraceBuilder) => TraceBuilder = (trace) => trace,
  keys = [null, null] as const,
) {
  const trace = new TraceBuilder()
  const first = trace.call('tool:pay')
  end(trace.effect(first, { key: keys[0] }), first)
  const again = between(trace).call('tool:pay')
  return trace.effect(again, { key: keys[1] }).ok(again)
}

const lose: End = (trace, crossing) => trace.fault(crossing, 'indeterminate').fail(crossing, 'indeterminate')

it.each<[string, TraceBuilder]>([
  ['after its answer was lost', twice(lose)],
  ['after it had failed', twice((trace, crossing) => trace.fault(crossing, 'transient').fail(crossing, 'transient'))],
  ['although it had gone well', twice((trace, crossing) => trace.ok(crossing))],
  ['before the first call had ended', twice((trace) => trace)],
  [
    'after the agent had been started anew',
    twice(
      (trace) => trace,
      (trace) => trace.restart(),
    ),
  ],
])('a second call %s is told as one', (how, trace) => {
  expect(repeatIn(trace)).toEqual({
    cause: `pay was called again ${how}, without an idempotency key`,
    remedy: 'Make one idempotency key from the intent, and send it with every attempt.',
  })
})

it('a second call that the model asked for is told as that', () => {
  const trace = twice(lose, (trace) => trace.reply(trace.call('model:m'), '', { toolCalls: ['pay {}'] }))
  expect(repeatIn(trace)?.cause).toBe(
    'pay was called again when the model asked for it once more, after its answer was lost, without an idempotency key',
  )
})

it.each([
  [['a', 'b'], 'under another key', 'Make the key from the intent and not from the attempt'],
  [['a', 'a'], 'under the same key', 'Look up what was done under a key'],
] as const)('keys %j are told as %s', (keys, words, remedy) => {
  const repeat = repeatIn(twice(lose, undefined, keys as never))
  expect(repeat?.cause).toContain(words)
  expect(repeat?.remedy).toContain(remedy)
})

it('a request that a tool itself sent again is told by its own name', () => {
  const trace = new TraceBuilder()
  const tool = trace.call('tool:pay')
  for (const input of ['1', '2']) {
    const sent = trace.call('http:POST bank/pay', { parent: tool, input })
    trace.effect(sent, {}).fail(sent, 'indeterminate')
  }
  expect(repeatIn(trace)?.cause).toBe(
    'POST bank/pay was sent again after its answer was lost, without an idempotency key',
  )
})

it('a change that a service makes is told by the request that brought it, if that is clear', () => {
  const trace = new TraceBuilder()
  for (const input of ['1', '2']) {
    const sent = trace.call('http:POST bank/pay', { input })
    trace.effect(trace.call('effect:pay'), {}).fail(sent, 'indeterminate')
  }
  expect(repeatIn(trace)?.cause).toBe(
    'POST bank/pay was sent again after its answer was lost, without an idempotency key',
  )
  const both = new TraceBuilder()
  const [one, other] = [both.call('http:POST bank/pay'), both.call('http:GET bank/limits')]
  for (const _ of [1, 2]) {
    const change = both.call('effect:pay')
    both.effect(change, {}).ok(change)
  }
  both.ok(one).ok(other)
  expect(repeatIn(both)?.cause).toContain('pay was called again')
})

it('what the network delivered twice is not laid at the door of the agent', () => {
  const trace = new TraceBuilder()
  const call = trace.call('tool:pay')
  trace.fault(call, 'indeterminate', {}, ['repeat']).effect(call, {}).effect(call, {}).ok(call)
  expect(repeatIn(trace)).toEqual({
    cause: 'One call of pay was delivered twice, without an idempotency key',
    remedy: 'Send an idempotency key that is made from the intent, so that a second delivery can be told.',
  })
})
