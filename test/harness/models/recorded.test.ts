import { describe, expect, it } from 'vitest'
import type { Block, Message, Reply } from '../../../harness/contracts/conversation.js'
import type { RecordedQuestion } from '../../../harness/contracts/recording.js'
import { personas } from '../../../harness/models/persona.js'
import { recordedModel } from '../../../harness/models/recorded.js'
import {
  assistant,
  callsOf,
  chance,
  conversation,
  converse,
  result,
  results,
  textOf,
  user,
} from '../../support/models/conversations.js'

const tools = ['order', 'refund']
const calls = (...named: readonly [id: string, name: string, input?: object][]): Reply => ({
  blocks: named.map(([id, name, input = {}]) => ({ kind: 'tool-call', id, name, input: input as never })),
  stop: 'tool-use',
})
const say = (text: string): Reply => ({ blocks: [{ kind: 'text', text }], stop: 'end-turn' })

/** Of one conversation: each reply, and what came of its calls. */
function record(...turns: readonly (readonly [reply: Reply, ...results: Block[]])[]): RecordedQuestion[] {
  let added: Message[] = [user('Do it.')]
  let before = 0
  return turns.map(([reply, ...blocks], index) => {
    const since = index === 0 ? null : index - 1
    const question = { model: 'claude-opus-5', system: '', tools, since, before, messages: added, reply }
    before += added.length
    added = [assistant(reply), results(...blocks)]
    return question
  })
}

const refund = { orderId: '42' }
const recording = record(
  [calls(['a', 'order', refund]), result('a', 'open')],
  [calls(['b', 'refund', refund]), result('b', 'refunded')],
  [say('Refunded.')],
)
const struck = { ...chance(), faultLanded: true }
const names = (replies: readonly Reply[]) =>
  replies.map(
    (reply) =>
      callsOf(reply)
        .map(({ name }) => name)
        .join('+') || textOf(reply),
  )
const answers: Readonly<Record<string, string>> = { order: 'open', refund: 'refunded' }
const run = (name: string) => ({ text: answers[name] ?? '' })

describe('a recorded model', () => {
  it('answers as the real one did where it is asked the same, and says whether it calls tools', () => {
    const model = recordedModel({ questions: recording }, '/x')
    const { replies } = converse(model, tools, run)
    expect(names(replies)).toEqual(['order', 'refund', 'Refunded.'])
    expect(model.callsTools).toBe(true)
    expect(recordedModel({ questions: record([say('Hi.')]) }, '/x').callsTools).toBe(false)
  })

  it('refuses what was not recorded while nothing went wrong, with the first field that differs', () => {
    const model = recordedModel({ questions: recording }, '/x.recording.json')
    const asking = () => converse(model, tools, () => ({ text: 'closed' }))
    expect(asking).toThrow(
      expect.objectContaining({
        message:
          'the model is asked what was not recorded. Next to it is questions[1]: ' +
          'messages[2].blocks[0].text differs: recorded "open", got "closed"',
        where: '/x.recording.json',
      }),
    )
    expect(() => recordedModel({ questions: [] }, '/x').reply(recordingOf(user('Hi')), chance())).toThrow(
      'holds no question',
    )
  })

  it('goes on with what is left after a fault, and makes a failed call again', () => {
    let failures = 0
    const once = (name: string) =>
      name === 'refund' && failures++ === 0 ? { text: 'timeout', failed: true } : { text: answers[name] ?? '' }
    const { replies } = converse(recordedModel({ questions: recording }, '/x', personas.typical), tools, once, {
      context: struck,
    })
    expect(names(replies)).toEqual(['order', 'refund', 'refund', 'Refunded.'])
    expect(callsOf(replies[2] as Reply)[0]?.input).toEqual(refund)
  })

  it('says once after a fault what it said beside several calls, and nothing where it had said nothing', () => {
    const both = calls(['a', 'order', refund], ['b', 'refund', refund])
    const worded: Reply = { ...both, blocks: [{ kind: 'text', text: 'Both at once.' }, ...both.blocks] }
    const answerOf = (reply: Reply) => {
      const known = record([reply, result('a', 'open'), result('b', 'refunded')], [say('Refunded.')])
      return recordedModel({ questions: known }, '/x').reply(
        conversation([user('Do it in other words.')], tools),
        struck,
      )
    }
    expect([textOf(answerOf(worded)), names([answerOf(worded)])]).toEqual(['Both at once.', ['order+refund']])
    expect(answerOf(both).blocks.filter(({ kind }) => kind === 'text')).toEqual([])
  })

  it('gives each call another id, under which it is known again', () => {
    const { replies } = converse(recordedModel({ questions: recording }, '/x'), tools, run)
    const ids = replies.flatMap((reply) => callsOf(reply).map(({ id }) => id))
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{22}$/)
  })

  it('does not make a call again that came to nothing when it was recorded', () => {
    const turns = record(
      [calls(['a', 'refund', { orderId: '41' }]), result('a', 'no such order', true)],
      [calls(['b', 'refund', refund]), result('b', 'refunded')],
      [say('Refunded.')],
    )
    const model = recordedModel({ questions: turns }, '/x')
    const asRecorded = (_: string, input: unknown) =>
      (input as typeof refund).orderId === '41' ? { text: 'no such order', failed: true } : { text: 'refunded' }
    expect(names(converse(model, tools, asRecorded).replies)).toEqual(['refund', 'refund', 'Refunded.'])
    // Asked otherwise, it begins with the call that worked.
    const { replies } = converse(recordedModel({ questions: turns }, '/x'), [...tools, 'other'], asRecorded, {
      context: struck,
    })
    expect(replies.flatMap((reply) => callsOf(reply).map(({ input }) => input))).toEqual([refund])
  })

  it('tells questions apart that differ in a date alone', () => {
    const ask = (text: string, reply: string): RecordedQuestion => ({
      ...(record([say(reply)])[0] as RecordedQuestion),
      messages: [user(text)],
    })
    const model = recordedModel(
      { questions: [ask('On 2026-11-30?', 'Monday.'), ask('On 2026-12-01?', 'Tuesday.')] },
      '/x',
    )
    const say1 = (text: string) => textOf(model.reply(recordingOf(user(text)), chance()))
    expect([say1('On 2026-12-01?'), say1('On 2027-02-03?')]).toEqual(['Tuesday.', 'Monday.'])
  })

  it('goes on in the conversation that is nearest', () => {
    const aside = { ...(record([say('A title.')])[0] as RecordedQuestion), tools: [], messages: [user('A title?')] }
    const model = recordedModel({ questions: [aside, ...recording.map(shift)] }, '/x')
    const { replies } = converse(model, [...tools, 'other'], run, { context: struck })
    expect(names(replies)).toEqual(['order', 'refund', 'Refunded.'])
  })
})

const shift = (one: RecordedQuestion) => ({ ...one, since: one.since === null ? null : one.since + 1 })

function recordingOf(...messages: Message[]) {
  return { model: 'claude-opus-5', system: '', tools, messages }
}
