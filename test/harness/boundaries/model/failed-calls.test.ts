/** A failure that is told to the model in words is one to it, where the call is known to have failed; nothing else is. */
import { runTrial } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import { FailedCalls } from '../../../../harness/boundaries/model/failed-calls.js'
import type { Conversation } from '../../../../harness/contracts/conversation.js'
import { TraceBuilder } from '../../../support/invariants/trace-builder.js'
import { create, inWords, loop, refunding } from '../../../support/trial/agents.js'

const asked = '{"orderId":"42"}'

/** The model asks for a refund, which the agent runs. */
function traceOf(run: (trace: TraceBuilder, call: number) => unknown): TraceBuilder {
  const trace = new TraceBuilder()
  trace.reply(trace.call('model:m', { input: 'q' }), '', { toolCalls: [`refund ${asked}`] })
  run(trace, trace.call('tool:refund', { input: asked }))
  return trace
}

const fail = (trace: TraceBuilder, call: number) =>
  trace.fail(call, 'transient', { name: 'Error', message: 'the till is shut', code: 'TILL', status: 503 })

/** Whether the model is told of a failure where the result is this text. */
function isFailure(trace: TraceBuilder, text: string, id = 'call-0'): boolean {
  const result = { kind: 'tool-result', id, failed: false, text } as const
  const conversation: Conversation = {
    model: 'm',
    system: '',
    tools: [],
    messages: [{ role: 'user', blocks: [result] }],
  }
  const { messages } = new FailedCalls().mark(conversation, trace.build({ goal: false }).events)
  const [block] = messages[0]?.blocks ?? []
  return block?.kind === 'tool-result' && block.failed
}

describe('the result of a call that failed', () => {
  it.each([
    'The refund failed. Try again later.',
    'Could not refund.',
    'It timed out',
    'Das ging nicht: the till is shut',
    'Code TILL',
    'HTTP 503',
    '{"ok":false,"message":"unavailable"}',
  ])('is a failure where it says so: %s', (text) => {
    expect(isFailure(traceOf(fail), text)).toBe(true)
  })

  it.each(['{"temperature":20,"cached":true}', 'refunded', '[]', ''])(
    'is what the agent puts in its place where it does not: %s',
    (text) => {
      expect(isFailure(traceOf(fail), text)).toBe(false)
    },
  )

  it('is a failure too where the call has not ended, for the agent may have stopped waiting', () => {
    expect(
      isFailure(
        traceOf(() => undefined),
        'It timed out.',
      ),
    ).toBe(true)
  })

  it('is none where a further try of it went well', () => {
    const trace = traceOf((trace, call) => {
      fail(trace, call)
      trace.ok(trace.call('tool:refund', { input: asked }))
    })
    expect(isFailure(trace, 'Refunded after one error.')).toBe(false)
  })
})

describe('a result that the model was handed', () => {
  it('stays what it was when a further call of the same goes well', () => {
    const calls = new FailedCalls()
    const result = { kind: 'tool-result', id: 'call-0', failed: false, text: 'It failed.' } as const
    const conversation: Conversation = {
      model: 'm',
      system: '',
      tools: [],
      messages: [{ role: 'user', blocks: [result] }],
    }
    const trace = traceOf(fail)
    const before = calls.mark(conversation, trace.build({ goal: false }).events)
    trace.ok(trace.call('tool:refund', { input: asked }))
    fail(trace, trace.call('tool:other', { input: '{}' }))
    expect(calls.mark(conversation, trace.build({ goal: false }).events)).toEqual(before)
    expect(before.messages[0]?.blocks[0]).toMatchObject({ failed: true })
  })

  it('may come of an error whose code is no pattern', () => {
    const odd = (trace: TraceBuilder, call: number) => trace.fail(call, 'transient', { message: 'no', code: 'a(b' })
    expect(isFailure(traceOf(odd), 'It is a(b today')).toBe(false)
    expect(isFailure(traceOf(odd), 'It failed.')).toBe(true)
  })
})

describe('a text that tells of failures', () => {
  it('is none where its call went well', () => {
    expect(
      isFailure(
        traceOf((trace, call) => trace.ok(call)),
        'Found the error log: 503 failed requests.',
      ),
    ).toBe(false)
  })

  it('is none where nobody knows the call, or another one failed', () => {
    expect(isFailure(traceOf(fail), 'It failed.', 'unknown')).toBe(false)
    const trace = traceOf((trace, call) => trace.ok(call))
    fail(trace, trace.call('tool:other', { input: '{}' }))
    expect(isFailure(trace, 'Nothing failed.')).toBe(false)
  })
})

describe('an agent that takes the model at its word', () => {
  it('is not blamed for what the model was told in words', async () => {
    const { trace, judgements } = await runTrial(refunding(loop(create, undefined, inWords)).scenario, {
      plan: 'tool:refund#1.. = tool/bad-request',
    })
    expect([trace.claim, trace.goal]).toEqual(['failure', false])
    expect(judgements.filter(({ verdict }) => verdict.kind === 'violated')).toEqual([])
  })
})
