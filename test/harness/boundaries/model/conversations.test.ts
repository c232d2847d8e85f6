/** Requests to a model as the trace has them: what is new, put together again, and equal by an identity. */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Json } from '../../../../faults/json.js'
import { Conversations, selectable } from '../../../../harness/boundaries/model/conversations.js'
import type { Block, Message } from '../../../../harness/contracts/conversation.js'
import { shortDigest } from '../../../../harness/contracts/digest.js'
import type { ModelCall } from '../../../../harness/contracts/provider.js'
import { conversationOf, type Request } from '../../../../harness/contracts/request.js'

/** A folder whose name is another in each run, and as long as it happens to be. */
const portable = (text: string) => text.replace(/\/tmp\/\d+/g, '<dir>')
const digest = (text: string) => shortDigest(portable(text))
const texts = { digest, identityOf: digest, portable }

interface Asked {
  readonly model?: string
  readonly system?: string
  readonly tools?: Json
  readonly settings?: Json
  readonly stream?: boolean
}

function call(messages: readonly Message[], asked: Asked = {}): ModelCall {
  const {
    model = 'm',
    system = 'Be brief.',
    tools = [{ name: 'look' }],
    settings = { limit: 9 },
    stream = false,
  } = asked
  const conversation = { model, system, messages, tools: ['look'] }
  return { kind: 'call', api: 'made', conversation, stream, tools, settings, inputTokens: 1 }
}

/** The requests of one attempt of an agent, numbered from 0. */
class Attempt {
  readonly requests: Request[] = []
  readonly #conversations = new Conversations('made', texts)

  ask(messages: readonly Message[], asked?: Asked) {
    const body = JSON.stringify([messages, asked])
    const wire = { method: 'POST', url: 'https://made.example', body, header: () => null, headers: () => ({}) }
    const reported = this.#conversations.tell(call(messages, asked), wire)
    reported.recordCrossing(this.requests.push(reported.request) - 1)
    return reported
  }

  whole(crossing: number): readonly Message[] {
    const request = this.requests[crossing]
    if (request?.kind !== 'model') throw new Error('expected a request to a model')
    return conversationOf(request, (earlier) => this.requests[earlier])
  }
}

const user = (...blocks: Block[]): Message => ({ role: 'user', blocks })
const assistant = (...blocks: Block[]): Message => ({ role: 'assistant', blocks })
const text = (said: string): Block => ({ kind: 'text', text: said })
const calls = (id: string, input: Json = {}): Block => ({ kind: 'tool-call', id, name: 'look', input })
const toolResult = (id: string, said = 'blue'): Block => ({ kind: 'tool-result', id, failed: false, text: said })

const first = [user(text('Look.'))]
const second = [...first, assistant(calls('a')), user(toolResult('a'))]
const third = [...second, assistant(calls('b')), user(toolResult('b', 'red'))]

describe('a conversation that goes on', () => {
  it('is recorded by its new messages alone, and by the last one where it is asked again', () => {
    const attempt = new Attempt()
    for (const messages of [first, second, second, third]) attempt.ask(messages)
    expect(attempt.requests).toMatchObject([
      { since: null, before: 0, messages: first },
      { since: 0, before: 1, messages: second.slice(1) },
      { since: 1, before: 2, messages: second.slice(2) },
      { since: 2, before: 3, messages: third.slice(3) },
    ])
  })

  it('tells system, tools and settings where they are new or changed, and otherwise by a digest', () => {
    const attempt = new Attempt()
    attempt.ask(first)
    const same = attempt.ask(second).request
    const changed = attempt.ask(third, { system: 'Be long.', settings: { limit: 8 } }).request
    expect(attempt.requests[0]).toMatchObject({ system: { value: 'Be brief.' }, tools: { value: [{ name: 'look' }] } })
    for (const part of [same.system, same.tools, same.settings]) expect(Object.keys(part)).toEqual(['digest'])
    expect(changed).toMatchObject({ system: { value: 'Be long.' }, settings: { value: { limit: 8 } } })
    expect(changed.tools).toEqual(same.tools)
  })

  it('with another model begins anew, for that is another site', () => {
    const attempt = new Attempt()
    attempt.ask(first)
    expect(attempt.ask(second, { model: 'other' }).request).toMatchObject({ since: null, before: 0, messages: second })
  })

  it('beside others goes on from its own', () => {
    const attempt = new Attempt()
    const other = [user(text('Read.'))]
    attempt.ask(first)
    attempt.ask(other)
    expect(attempt.ask(second).request).toMatchObject({ since: 0, before: 1 })
    expect(attempt.ask([...other, assistant(text('Done.'))]).request).toMatchObject({ since: 1, before: 1 })
  })

  it('grows with its length and not with its square', () => {
    const attempt = new Attempt()
    const messages: Message[] = [...first]
    for (let turn = 0; turn < 200; turn++) {
      attempt.ask([...messages])
      messages.push(assistant(calls(`c${turn}`)), user(toolResult(`c${turn}`, 'x'.repeat(100))))
    }
    expect(JSON.stringify(attempt.requests).length).toBeLessThan(20 * JSON.stringify(messages).length)
    const last = attempt.requests.at(-1)
    expect(last?.kind === 'model' && last.messages.length).toBe(2)
  })
})

/** Conversations that grow, are cut anywhere, fork, and are asked again. */
const blocks = fc.array(
  fc.oneof(
    fc.constantFrom('one', 'two').map(text),
    fc.constantFrom('a', 'b', 'c').map((id) => calls(id)),
    fc.constantFrom('a', 'b', 'c').map((id) => toolResult(id)),
    fc.constantFrom('x', 'y').map((content): Block => ({ kind: 'other', type: 'image', content })),
  ),
  { minLength: 1, maxLength: 2 },
)
const messages = fc.array(fc.record({ role: fc.constantFrom('user' as const, 'assistant' as const), blocks }), {
  minLength: 1,
  maxLength: 6,
})
const histories = fc.array(messages, { minLength: 1, maxLength: 8 })

test('what is new, put behind what was before, is the conversation, however requests go on from each other', () => {
  fc.assert(
    fc.property(histories, fc.infiniteStream(fc.nat(6)), (all, cuts) => {
      const attempt = new Attempt()
      let before: readonly Message[] = []
      all.forEach((added, index) => {
        const asked = [...before.slice(0, cuts.next().value), ...added]
        attempt.ask(asked)
        expect(attempt.whole(index)).toEqual(asked)
        before = asked
      })
    }),
  )
})

describe('an identity', () => {
  const identity = (asked: readonly Message[], options?: Asked) => new Attempt().ask(asked, options).identity

  it('is the same for requests that differ in the ids of their calls alone', () => {
    const rename = (messages: readonly Message[]): Message[] =>
      JSON.parse(JSON.stringify(messages).replaceAll('"id":"', '"id":"new-')) as Message[]
    fc.assert(
      fc.property(messages, (asked) => {
        expect(identity(rename(asked))).toBe(identity(asked))
      }),
    )
  })

  it('is the same wherever the folder of the trial is, and however long its path', () => {
    const lookInto = (folder: string) => [
      user(text(`Look into ${folder}.`)),
      assistant(calls('a', folder)),
      user(toolResult('a', `EMFILE: open '${folder}/x'`)),
    ]
    expect(identity(lookInto('/tmp/10'))).toBe(identity(lookInto('/tmp/9')))
  })

  it('is another where ids go together in another way', () => {
    const pair = (one: string, other: string) => [
      user(text('Look.')),
      assistant(calls('a'), calls('b')),
      user(toolResult(one, 'red'), toolResult(other, 'blue')),
    ]
    expect(identity(pair('a', 'b'))).not.toBe(identity(pair('b', 'a')))
  })

  it('does not depend on what was asked before', () => {
    fc.assert(
      fc.property(histories, messages, (before, asked) => {
        const attempt = new Attempt()
        for (const each of before) attempt.ask(each)
        for (let length = 1; length < asked.length; length++) attempt.ask(asked.slice(0, length))
        expect(attempt.ask(asked).identity).toBe(identity(asked))
      }),
    )
  })

  it.each<[string, readonly Message[], Asked]>([
    ['a text', [user(text('Look!'))], {}],
    ['a role', [assistant(text('Look.'))], {}],
    ['an image', [user(text('Look.'), { kind: 'other', type: 'image', content: 'x' })], {}],
    ['the system prompt', first, { system: '' }],
    ['a tool', first, { tools: [] }],
    ['a setting', first, { settings: { limit: 8 } }],
    ['the way it is answered', first, { stream: true }],
  ])('is another with another %s', (_what, asked, options) => {
    expect(identity(asked, options)).not.toBe(identity(first))
  })

  it('of two images in one place is another for each', () => {
    const image = (content: string) => identity([user({ kind: 'other', type: 'image', content })])
    expect(image('x')).not.toBe(image('y'))
  })
})

test('selectors look into model, system, tools, the number of messages, and the first and the last of them', () => {
  expect(selectable(call(second), 'made')).toEqual({
    provider: 'made',
    api: 'made',
    model: 'm',
    stream: false,
    system: 'Be brief.',
    tools: ['look'],
    messages: 3,
    first: { role: 'user', text: 'Look.', failed: false },
    last: { role: 'user', text: 'blue', failed: false },
  })
})

test('a request that cannot be read as a conversation is kept whole, and is equal to itself alone', () => {
  const conversations = new Conversations('made', texts)
  const wire = (body: string) => ({ method: 'POST', url: '', body, header: () => null, headers: () => ({}) })
  const refusal = { kind: 'refusal', api: 'made', model: 'm', status: 400, message: '', reason: 'malformed' } as const
  const answer = { status: 400, headers: {}, chunks: [] }
  const tell = (body: string) => conversations.tell({ ...refusal, answer }, wire(body))
  expect(tell('{"a":1}').request).toMatchObject({ messages: [], unread: { a: 1 } })
  expect(tell('{"a').request).toMatchObject({ unread: '{"a' })
  expect(tell('{"a":1}').identity).toBe(tell('{"a":1}').identity)
  expect(tell('{"a":1}').identity).not.toBe(tell('{"a":2}').identity)
})
