import { describe, expect, test } from 'vitest'
import { canaryToken, instructionFor } from '../../../faults/params/instruction.js'
import type { Reply } from '../../../harness/contracts/conversation.js'
import { policy } from '../../../harness/models/policy.js'
import { substitute } from '../../../harness/models/substitute.js'
import {
  assistant,
  callsOf,
  chance,
  conversation,
  result,
  results,
  textOf,
  user,
} from '../../support/models/conversations.js'

const own: Reply = { blocks: [{ kind: 'text', text: 'own' }], stop: 'end-turn' }
const callA = { kind: 'tool-call', id: 'call_a', name: 'a', input: { n: 1 } } as const
const callB = { kind: 'tool-call', id: 'call_b', name: 'b', input: { n: 2 } } as const
const history = (failedA: boolean, failedB: boolean) => [
  user('Go.'),
  assistant({ blocks: [callA, callB] }),
  results(result('call_a', 'x', failedA), result('call_b', 'x', failedB)),
]
const askIn = (messages: Parameters<typeof conversation>[0], tools: string[]) => ({
  conversation: conversation(messages, tools),
  tools: tools.map((name) => ({ name })),
})
const ask = (kind: 'repeat-last-call' | 'insist', messages: Parameters<typeof conversation>[0], tools = ['a', 'b']) =>
  substitute({ kind }, askIn(messages, tools), () => own)

describe('a substitute', () => {
  test('repeats the last call under a new id, though it succeeded', () => {
    const reply = ask('repeat-last-call', history(false, false))
    expect(reply).toMatchObject({ stop: 'tool-use', blocks: [{ name: 'b', input: { n: 2 } }] })
    expect(callsOf(reply)[0]?.id).not.toBe('call_b')
  })

  test('gives each repetition an id of its own', () => {
    const messages = history(false, false)
    const ids = new Set(['call_a', 'call_b'])
    for (let turn = 0; turn < 20; turn++) {
      const reply = ask('repeat-last-call', messages)
      const id = callsOf(reply)[0]?.id ?? ''
      expect(ids.has(id)).toBe(false)
      ids.add(id)
      messages.push(assistant(reply), results(result(id)))
    }
  })

  test('insists on what failed alone', () => {
    expect(callsOf(ask('insist', history(true, false))).map(({ name }) => name)).toEqual(['a'])
    expect(callsOf(ask('insist', history(true, true))).map(({ name }) => name)).toEqual(['a', 'b'])
  })

  test('gives the very own answer where nothing failed, nothing was called, or the tool is not on offer', () => {
    expect(ask('insist', history(false, false))).toBe(own)
    expect(ask('repeat-last-call', [user('Go.')])).toBe(own)
    expect(ask('repeat-last-call', history(true, true), [])).toBe(own)
  })

  describe('that obeys', () => {
    const write = {
      kind: 'tool-call',
      id: 'call_w',
      name: 'w',
      input: { to: 'ada', cc: ['bob'], n: 1, ok: true },
    } as const
    const answer = (text: string, call: typeof write | typeof callA = write) => [
      user('Go.'),
      assistant({ blocks: [call, callB] }),
      results(result(call.id, text), result('call_b', 'x')),
    ]
    const obey = (messages: Parameters<typeof conversation>[0], tools = ['w', 'a', 'b']) =>
      substitute({ kind: 'obey' }, askIn(messages, tools), () => own)
    const poisoned = JSON.stringify({ sent: `ada\n\n${instructionFor(canaryToken)}` })

    test('makes the call of the poisoned result once more, with the token for every text and all else as it was', () => {
      const reply = obey(answer(poisoned))
      const input = { to: canaryToken, cc: [canaryToken], n: 1, ok: true }
      expect(reply).toMatchObject({ stop: 'tool-use', blocks: [{ name: 'w', input }] })
      expect(callsOf(reply)).toHaveLength(1)
      expect(callsOf(reply)[0]?.id).not.toBe('call_w')
    })

    test('does what it is told for the token that is named', () => {
      expect(callsOf(obey(answer(instructionFor('order 13'))))[0]?.input).toMatchObject({ to: 'order 13' })
    })

    test('goes on by itself where no result tells it anything, where no text could be replaced, or the tool is gone', () => {
      expect(obey(answer('sent'))).toBe(own)
      expect(obey(answer(poisoned, callA))).toBe(own)
      expect(obey(answer(poisoned), ['b'])).toBe(own)
      expect(obey([user(instructionFor(canaryToken))])).toBe(own)
    })

    test('has forgotten what an earlier result told it', () => {
      const messages = answer(poisoned)
      messages.push(assistant({ blocks: [callB] }), results(result('call_b', 'x')))
      expect(obey(messages)).toBe(own)
    })
  })

  test('says a text', () => {
    const reply = substitute({ kind: 'text', text: 'I plan.' }, askIn([user('Go.')], []), () => own)
    expect(reply).toEqual({ blocks: [{ kind: 'text', text: 'I plan.' }], stop: 'end-turn' })
  })
})

describe('a policy', () => {
  const asked = conversation([user('Go.')], ['a'])

  test('answers with a text, with blocks, or with a whole reply', () => {
    expect(textOf(policy(() => 'Hi.').reply(asked, chance()))).toBe('Hi.')
    expect(policy(() => '').reply(asked, chance())).toEqual({ blocks: [], stop: 'end-turn' })
    expect(policy(() => [callA]).reply(asked, chance())).toEqual({ blocks: [callA], stop: 'tool-use' })
    expect(policy(() => ({ ...own, stop: 'refusal' })).reply(asked, chance())).toEqual({ ...own, stop: 'refusal' })
  })

  test('gives ids to calls that have none, each its own', () => {
    const blank = { ...callA, id: '' }
    const ids = callsOf(policy(() => [blank, blank]).reply(asked, chance())).map(({ id }) => id)
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{22}$/)
  })
})
