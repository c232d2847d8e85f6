/** Proves that one question is known again at another vendor, and that no other one is taken for it. */
import { describe, expect, it } from 'vitest'
import type { Message } from '../../../harness/contracts/conversation.js'
import { isAskedAgain, isSameQuestion } from '../../../harness/contracts/same-question.js'
import { crossingsOf } from '../../../harness/contracts/trace.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const task = { role: 'user', blocks: [{ kind: 'text', text: 'Refund 42.' }] } as const
const call = (id: string, input = 42) => ({ kind: 'tool-call', id, name: 'refund', input: { order: input } }) as const
const result = (id: string, text = 'done') =>
  ({ role: 'user', blocks: [{ kind: 'tool-result', id, failed: false, text }] }) as const

const first: readonly Message[] = [
  task,
  { role: 'assistant', blocks: [{ kind: 'other', type: 'thinking' }, call('toolu_1')] },
  result('toolu_1'),
]

function areSame(other: readonly Message[]): boolean {
  const trace = new TraceBuilder()
  trace.fail(trace.call('model:m', { messages: first }), 'transient')
  trace.reply(trace.call('model:other', { messages: other }))
  const crossings = crossingsOf(trace.build())
  const [left, right] = crossings
  return left !== undefined && right !== undefined && isSameQuestion(left, right, crossings)
}

describe('a question', () => {
  it('is the same with other ids, without what only its vendor can read, and without the mark of a failure', () => {
    expect(areSame([task, { role: 'assistant', blocks: [call('call_9')] }, result('call_9')])).toBe(true)
    const marked = { role: 'user', blocks: [{ ...result('call_9').blocks[0], failed: true }] } as const
    expect(areSame([task, { role: 'assistant', blocks: [{ kind: 'text', text: '' }, call('call_9')] }, marked])).toBe(
      true,
    )
  })

  it.each<[string, readonly Message[]]>([
    ['another input', [task, { role: 'assistant', blocks: [call('call_9', 43)] }, result('call_9')]],
    ['another result', [task, { role: 'assistant', blocks: [call('call_9')] }, result('call_9', 'failed')]],
    ['less before it', [task, result('call_9')]],
    ['another speaker', [{ role: 'assistant', blocks: task.blocks }, ...first.slice(1)]],
    ['nothing', []],
  ])('is another one with %s', (_name, other) => {
    expect(areSame(other)).toBe(false)
  })

  const refusedThenAsked = (site: string) => {
    const trace = new TraceBuilder()
    const refused = trace.call('model:m', { messages: [task] })
    trace.reply(refused).reply(trace.call(site, { messages: [task] }))
    const built = trace.build()
    const refusal = built.events.map((event) =>
      event.kind === 'return' && event.crossing === refused && event.reply
        ? { ...event, reply: { ...event.reply, stop: 'refusal' as const } }
        : event,
    )
    const crossings = crossingsOf({ events: refusal })
    return crossings[1] && isAskedAgain(crossings[1], crossings)
  }

  it('is asked again where one model refused it and another is asked, and not where the same is', () => {
    expect(refusedThenAsked('model:other')).toBe(true)
    expect(refusedThenAsked('model:m')).toBe(false)
  })

  it('that another flow has asked and not yet had answered is asked for the first time', () => {
    const trace = new TraceBuilder()
    trace.call('model:m', { messages: [task] })
    trace.call('model:other', { messages: [task] })
    const crossings = crossingsOf(trace.build())
    expect(crossings[1] && isAskedAgain(crossings[1], crossings)).toBe(false)
  })
})
