import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Message } from '../../../harness/contracts/conversation.js'
import { personas } from '../../../harness/models/persona.js'
import { call, giveUp, say, script } from '../../../harness/models/script.js'
import { substitute } from '../../../harness/models/substitute.js'
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

const refund = script([call('refund', { orderId: '42', cents: 4200 }), say('Refunded.')])
const ok = () => ({ text: 'ok' })
const names = (replies: readonly Parameters<typeof callsOf>[0][]) =>
  replies.map(
    (reply) =>
      callsOf(reply)
        .map(({ name }) => name)
        .join('+') || textOf(reply),
  )

describe('a script', () => {
  test('walks its steps in order and ends with its answer', () => {
    const model = script([call('find', { id: 1 }, { text: 'Looking.' }), call('refund', { id: 1 }), say('Refunded.')])
    const { replies } = converse(model, ['find', 'refund'], ok)
    expect(names(replies)).toEqual(['find', 'refund', 'Refunded.'])
    expect(replies.map(({ stop }) => stop)).toEqual(['tool-use', 'tool-use', 'end-turn'])
    expect(replies[0]?.blocks[0]).toEqual({ kind: 'text', text: 'Looking.' })
  })

  test('ends with a short answer of its own where none is given', () => {
    const { replies } = converse(script([call('a', {})]), ['a'], ok)
    expect(textOf(replies[1] ?? { blocks: [], stop: 'refusal' })).toBe('Done.')
  })

  test('says that it gave up where the step says so', () => {
    expect(script([giveUp('No.')]).reply(conversation([user('Hi')], []), chance())).toMatchObject({ gaveUp: true })
  })

  test('answers the same when the same conversation is asked again', () => {
    const { messages } = converse(refund, ['refund'], (_name, _input, count) => ({ text: 'busy', failed: count < 3 }))
    for (let length = 1; length < messages.length; length += 2) {
      const asked = conversation(messages.slice(0, length), ['refund'])
      expect(refund.reply(asked, chance())).toEqual(refund.reply(asked, chance()))
      expect(messages[length]).toEqual(assistant(refund.reply(asked, chance())))
    }
  })

  test('answers a conversation as if it had seen no other: one that goes on, one cut short, one of another turn', () => {
    const steps = [
      call('find', { id: 1 }),
      [call('pay', { id: 1 }), call('mail', { id: 1 })],
      say('Found.'),
      say('Done.'),
    ]
    const tools = ['find', 'pay', 'mail']
    const kept = script(steps)
    const asked = new Set<string>()
    fc.assert(
      fc.property(
        fc.array(fc.record({ fails: fc.boolean(), back: fc.nat(4), asks: fc.boolean(), more: fc.boolean() }), {
          maxLength: 12,
        }),
        (turns) => {
          let messages: readonly Message[] = [user('Find and pay.')]
          for (const { fails, back, asks, more } of turns) {
            const now = conversation(messages, more ? [...tools, 'other'] : tools)
            const reply = kept.reply(now, chance())
            expect(reply).toEqual(script(steps).reply(now, chance()))
            asked.add(textOf(reply) || 'calls')
            const answers = callsOf(reply).map(({ id }) => result(id, fails ? 'busy' : 'ok', fails))
            const next = asks || answers.length === 0 ? user('And?') : results(...answers)
            const past = back === 0 ? messages.slice(0, Math.max(1, messages.length - 2)) : messages
            messages = back === 1 ? past : [...past, ...(past === messages ? [assistant(reply), next] : [])]
          }
        },
      ),
      { seed: 1, numRuns: 300 },
    )
    expect([...asked]).toEqual(expect.arrayContaining(['calls', 'Found.', 'Done.']))
  })

  test('gives its calls ids of 22 letters and digits, each unique in the conversation', () => {
    const { messages } = converse(refund, ['refund'], () => ({ text: 'no', failed: true }), {
      context: chance(0.9999),
      turnsMax: 12,
    })
    const ids = messages.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === 'tool-call' ? [block.id] : [])),
    )
    expect(ids.length).toBeGreaterThan(5)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{22}$/)
  })

  test('computes an input from what an earlier call told', () => {
    const last = (messages: readonly Message[]) => messages.at(-1)?.blocks[0]
    const model = script([
      call('find', {}),
      call('refund', ({ messages }) => {
        const found = last(messages)
        return { id: found?.kind === 'tool-result' ? found.text : '' }
      }),
    ])
    const { replies } = converse(model, ['find', 'refund'], (name) => ({ text: name === 'find' ? 'order-7' : 'ok' }))
    expect(callsOf(replies[1] ?? { blocks: [], stop: 'refusal' })[0]?.input).toEqual({ id: 'order-7' })
  })

  test('calls a tool by the name under which it is on offer', () => {
    const tools = ['mcp__shop__refund', 'mcp__shop__list']
    expect(names(converse(refund, tools, ok).replies)).toEqual(['mcp__shop__refund', 'Refunded.'])
  })

  test('says so and gives up where its tool is not on offer', () => {
    const reply = refund.reply(conversation([user('Go.')], ['search']), chance())
    expect(reply).toMatchObject({ stop: 'end-turn', gaveUp: true })
    expect(textOf(reply)).toContain('refund')
  })

  test('answers a request on the side that carries no tools without giving up, and keeps its place', () => {
    expect(refund.reply(conversation([user('Give this a title.')], []), chance()).gaveUp).toBeUndefined()
    expect(names(converse(refund, ['refund'], ok).replies)).toEqual(['refund', 'Refunded.'])
  })

  test('refuses a group that is empty, that holds an answer, and a call without a name', () => {
    expect(() => script([[]])).toThrow(/at least one call/)
    expect(() => script([call('a', {}), [call('a', {}), say('b')]])).toThrow(/stands alone/)
    expect(() => script([call('', {})])).toThrow(/names a tool/)
  })
})

describe('a script with calls in parallel', () => {
  const model = script([[call('a', { n: 1 }), call('b', { n: 2 })], say('Both.')])

  test('makes them in one reply', () => {
    expect(names(converse(model, ['a', 'b'], ok).replies)).toEqual(['a+b', 'Both.'])
  })

  test('retries alone the one that failed', () => {
    const { replies } = converse(model, ['a', 'b'], (name, _input, count) => ({
      text: 'x',
      failed: name === 'b' && count < 3,
    }))
    expect(names(replies)).toEqual(['a+b', 'b', 'Both.'])
  })

  test('tells equal calls of a group apart', () => {
    const twins = script([[call('a', { n: 1 }), call('a', { n: 1 })]])
    const { replies } = converse(twins, ['a'], (_name, _input, count) => ({ text: 'x', failed: count === 2 }))
    expect(names(replies)).toEqual(['a+a', 'a', 'Done.'])
  })
})

describe('a script in a history that is not as it left it', () => {
  const model = script([call('a', { n: 1 }), call('a', { n: 1 }), call('b', { n: 2 }), say('End.')])
  const tools = ['a', 'b']
  const { messages } = converse(model, tools, ok)
  const next = (history: readonly Message[]) => names([model.reply(conversation(history, tools), chance())])[0]

  test('goes on from its last call when older messages were trimmed', () => {
    expect(next([user('Do it.'), ...messages.slice(5, 7)])).toBe('End.')
    expect(next([user('Do it.'), ...messages.slice(3, 5)])).toBe('b')
  })

  test('recognises its calls by name and input when an agent rewrote the ids and added fields', () => {
    const rewritten = messages.map(({ role, blocks }) => ({
      role,
      blocks: blocks.map((block) => {
        if (block.kind === 'tool-result') return { ...block, id: `call-${block.id.slice(-4)}` }
        if (block.kind !== 'tool-call') return block
        return { ...block, id: `call-${block.id.slice(-4)}`, input: { ...(block.input as object), strict: true } }
      }),
    }))
    expect([1, 3, 5, 7].map((length) => next(rewritten.slice(0, length)))).toEqual(['a', 'a', 'b', 'End.'])
  })

  test('recognises a call whose input was made of the conversation up to it, and of no more', () => {
    const counting = script([call('a', ({ messages }) => ({ after: messages.length })), call('b', {}), say('End.')])
    const history = (after: number) => [
      user('Do it.'),
      { role: 'assistant', blocks: [{ kind: 'tool-call', id: 'call-1', name: 'a', input: { after } }] } as const,
      results(result('call-1', 'ok')),
    ]
    const reply = (after: number) => names([counting.reply(conversation(history(after), tools), chance())])
    expect([reply(1), reply(3)]).toEqual([['b'], ['a']])
  })

  test('is not moved by messages that the user added', () => {
    const extra = [...messages.slice(0, 3), user('And be quick.')]
    expect(next(extra)).toBe('a')
    expect(next([...messages, user('Are you sure?')])).toBe('End.')
  })

  test('goes on after an answer in its middle when it is asked further', () => {
    const talk = script([call('a', {}), say('Shall I?'), call('b', {}), say('Done it.')])
    const first = converse(talk, tools, ok)
    expect(names(first.replies)).toEqual(['a', 'Shall I?'])
    const reply = talk.reply(conversation([...first.messages, user('Yes.')], tools), chance())
    expect(names([reply])).toEqual(['b'])
  })

  test('keeps its place when substitutes repeat calls, whatever came of them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 12 }), (turns) => {
        const history: Message[] = [user('Do it.')]
        const ids = new Set<string>()
        const step = (loops: boolean, failed: boolean): boolean => {
          const asked = conversation(history, tools)
          const own = () => model.reply(asked, chance(0.1))
          const reply = loops
            ? substitute({ kind: 'repeat-last-call' }, { conversation: asked, tools: [] }, own)
            : own()
          history.push(assistant(reply))
          for (const { id } of callsOf(reply)) {
            expect(ids.has(id)).toBe(false)
            ids.add(id)
          }
          history.push(results(...callsOf(reply).map(({ id }) => result(id, 'x', failed))))
          return reply.stop === 'tool-use'
        }
        for (const [loops, failed] of turns) if (!step(loops, failed)) break
        let turnsLeft = 10
        while (turnsLeft-- > 0 && step(false, false));
        const end = history.at(-2)
        expect(end?.blocks[0]).toMatchObject({ kind: 'text' })
      }),
    )
  })
})

describe('after a failure', () => {
  const failing =
    (text: string, failed = false) =>
    () => ({ text, failed })

  test.each([
    ['{"error":"boom"}'],
    ['{"error_type":"timeout"}'],
    ['{"isError":true,"content":[]}'],
    ['Error: connection lost'],
    ['TypeError: x is not a function'],
    ["Error invoking tool 'refund' with kwargs {} with error: it did not match"],
    ['An error occurred while running the tool. Please try again.'],
    ['An error occurred while parsing tool arguments. Please try again with valid JSON.'],
    ['Invalid input for tool refund: JSON parsing failed: Text: {"orderId'],
    ["Model tried to call unavailable tool 'refund_v2'. Available tools: refund."],
    ["Tool 'refund_v2' not found in registry"],
  ])('%s counts as one though it is not marked', (text) => {
    const { replies } = converse(refund, ['refund'], failing(text), { turnsMax: 2 })
    expect(names(replies)).toEqual(['refund', 'refund'])
  })

  test.each([
    ['{"error":null,"id":7}'],
    ['{"isError":false}'],
    ['No errors: all good'],
    ['{"errors":0}'],
    ['Found 3 errors calling it'],
    ['Invalid rows: none'],
  ])('%s counts as none', (text) => {
    expect(names(converse(refund, ['refund'], failing(text)).replies)).toEqual(['refund', 'Refunded.'])
  })

  test('a typical model gives up after four failures', () => {
    const { replies } = converse(refund, ['refund'], failing('no', true))
    expect(names(replies).slice(0, 4)).toEqual(['refund', 'refund', 'refund', 'refund'])
    expect(replies).toHaveLength(5)
    expect(replies[4]).toMatchObject({ stop: 'end-turn', gaveUp: true })
  })

  test('a typical model gives up at once where trying again is said to be of no use', () => {
    const { replies } = converse(refund, ['refund'], failing('{"error":"closed","recoverable":false}'))
    expect(replies).toHaveLength(2)
    expect(replies[1]?.gaveUp).toBe(true)
  })

  test('a heedless model tries again all the same', () => {
    const model = script([call('refund', {})], personas.heedless)
    const { replies } = converse(model, ['refund'], failing('{"error":"closed","recoverable":false}'))
    expect(replies).toHaveLength(5)
  })

  test('a timid model gives up at once', () => {
    const model = script([call('refund', {})], personas.timid)
    expect(converse(model, ['refund'], failing('no', true)).replies).toHaveLength(2)
  })

  test('an insistent model never gives up and never changes the input', () => {
    const model = script([call('refund', { orderId: '42' })], personas.insistent)
    const { replies } = converse(model, ['refund'], failing('{"error":"x","recoverable":false}'), { turnsMax: 40 })
    expect(replies.every(({ stop }) => stop === 'tool-use')).toBe(true)
    expect(new Set(replies.map((reply) => JSON.stringify(callsOf(reply)[0]?.input))).size).toBe(1)
  })

  test('a model that insists once insists for good, beyond its limit of attempts', () => {
    const random = (label: string) => (label.endsWith('failure 2') ? 0.99 : 0)
    const { replies } = converse(refund, ['refund'], failing('no', true), { context: { random }, turnsMax: 15 })
    expect(replies).toHaveLength(15)
    expect(replies.every(({ stop }) => stop === 'tool-use')).toBe(true)
  })

  test('a model that gave up and is asked to go on draws anew', () => {
    const random = (label: string) => (label.includes('asked') ? 0 : 0.86)
    const first = converse(refund, ['refund'], failing('no', true), { context: { random } })
    expect(first.replies.at(-1)?.gaveUp).toBe(true)
    const again = refund.reply(conversation([...first.messages, user('Try again.')], ['refund']), { random })
    expect(names([again])).toEqual(['refund'])
  })

  const never = { retry: 0, reword: 0, giveUp: 0, chooseAnother: 0, insist: 0, attemptsMax: 9, heedsRecoverable: true }

  test('rewording touches free text alone', () => {
    const note = 'The parcel never arrived, so please refund.'
    const fixed = { orderId: 'order-0000000000000000000042', cents: 4200, url: 'https://shop.example/orders/42/items' }
    const model = script([call('refund', { ...fixed, note, deep: [{ note }] })], { ...never, reword: 1 })
    const { replies } = converse(model, ['refund'], (_name, _input, count) => ({ text: 'x', failed: count === 1 }))
    const input = callsOf(replies[1] ?? { blocks: [], stop: 'refusal' })[0]?.input
    expect(input).toMatchObject(fixed)
    expect(input).not.toMatchObject({ note })
    expect(JSON.stringify(input)).toContain(note)
    expect(replies).toHaveLength(3)
  })

  test('rewording is retrying where there is no free text', () => {
    const model = script([call('refund', { orderId: '42', cents: 1 })], { ...never, reword: 1 })
    const { replies } = converse(model, ['refund'], failing('no', true), { turnsMax: 3 })
    for (const reply of replies) expect(callsOf(reply)[0]?.input).toEqual({ orderId: '42', cents: 1 })
  })

  test('choosing another tool looks something up and then comes back to its own', () => {
    const model = script([call('refund', { orderId: '42' }), say('Refunded.')], { ...never, chooseAnother: 1 })
    const { replies } = converse(model, ['refund', 'email', 'getOrder'], (name, _input, count) => ({
      text: 'x',
      failed: name === 'refund' && count === 1,
    }))
    expect(names(replies)).toEqual(['refund', 'getOrder', 'refund', 'Refunded.'])
  })

  test('choosing another tool is retrying where every other one may write', () => {
    const model = script([call('refund', {})], { ...never, chooseAnother: 1 })
    const { replies } = converse(model, ['refund', 'email'], failing('no', true), { turnsMax: 3 })
    expect(names(replies)).toEqual(['refund', 'refund', 'refund'])
  })
})
