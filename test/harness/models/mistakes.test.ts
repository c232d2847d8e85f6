/** What each mistake of a model makes of its answer, and where there is nothing to get wrong. */
import { describe, expect, it } from 'vitest'
import type { Mistake } from '../../../faults/action.js'
import type { Json } from '../../../faults/json.js'
import type { Reply } from '../../../harness/contracts/conversation.js'
import { encodeCallId } from '../../../harness/models/call-id.js'
import { makeMistake } from '../../../harness/models/mistakes.js'
import { callsOf, conversation, textOf, user } from '../../support/models/conversations.js'

const id = encodeCallId({ step: 0, call: 0, tool: 'own', attempt: 1 })
const calling = (input: Json): Reply => ({
  blocks: [
    { kind: 'text', text: 'At once.' },
    { kind: 'tool-call', id, name: 'refund', input },
  ],
  stop: 'tool-use',
})
const saying: Reply = { blocks: [{ kind: 'text', text: 'Everything is refunded.' }], stop: 'end-turn' }
const schema = (required: readonly string[]) => ({ type: 'object', properties: {}, required })
const make = (mistake: Mistake, reply: Reply, tools: Json = []) =>
  makeMistake(mistake, reply, { conversation: conversation([user('Refund order 42.')], ['refund']), tools })
const inputOf = (reply: Reply) => callsOf(reply)[0]?.input

describe('a model that is mistaken', () => {
  it('declines, and has given up', () => {
    expect(make({ kind: 'refusal' }, calling({}))).toMatchObject({ stop: 'refusal', gaveUp: true })
  })

  it('answers with nothing', () => {
    expect(make({ kind: 'empty' }, calling({}))).toEqual({ blocks: [], stop: 'end-turn' })
  })

  it('says that all is done in place of a call, and nothing else in place of an answer', () => {
    const reply = make({ kind: 'step-forgotten' }, calling({}))
    expect([textOf(reply), reply.stop]).toEqual(['All done.', 'end-turn'])
    expect(make({ kind: 'step-forgotten' }, saying)).toBe(saying)
  })

  it.each(['max-tokens', 'context-full'] as const)('stops in its text for %s, and calls nothing', (stop) => {
    const reply = make({ kind: 'text-cut', at: 0.5, stop }, calling({}))
    expect(reply).toEqual({ blocks: [{ kind: 'text', text: 'At o' }], stop })
    expect(textOf(make({ kind: 'text-cut', at: 1, stop }, saying))).not.toBe('Everything is refunded.')
    expect(textOf(make({ kind: 'text-cut', at: 0, stop }, saying))).toBe('E')
  })

  describe('in the middle of a call', () => {
    const made = { kind: 'tool-call', id, name: 'refund', input: { order: '42', note: '🚚' } } as const
    const both: Reply = { blocks: [made, { ...made, id: 'other' }], stop: 'tool-use' }

    it.each(['max-tokens', 'context-full'] as const)('stops for %s in the last one, and never at its end', (stop) => {
      const reply = make({ kind: 'call-cut', at: 0.5, stop }, both)
      expect(reply.blocks[0]).toBe(both.blocks[0])
      expect(reply).toMatchObject({
        blocks: [
          {},
          { kind: 'broken-call', id: 'other', name: 'refund', text: '{"order":"42"', meant: { order: '42' } },
        ],
        stop,
      })
      const texts = [0, 0.88, 1].map((at) => make({ kind: 'call-cut', at, stop }, both).blocks.at(-1))
      expect(texts).toMatchObject([
        { text: '' },
        { text: '{"order":"42","note":"' },
        { text: '{"order":"42","note":"🚚"' },
      ])
    })

    it.each([
      ['half', '{"order":"42"'],
      ['single-quotes', "{'order':'42','note':'🚚'}"],
      ['twice', '{"order":"42","note":"🚚"}{"order":"42","note":"🚚"}'],
    ] as const)('has its input as no JSON: %s', (how, text) => {
      expect(make({ kind: 'malformed-input', how }, both)).toEqual({
        blocks: [{ kind: 'broken-call', id, name: 'refund', text, meant: { order: '42', note: '🚚' } }, both.blocks[1]],
        stop: 'tool-use',
      })
    })

    it('has no input as no JSON that is JSON all the same, nor where nothing can carry it', () => {
      const reply = calling({ n: 1 })
      expect(make({ kind: 'malformed-input', how: 'single-quotes' }, calling({}))).toEqual(calling({}))
      expect(make({ kind: 'malformed-input', how: 'half' }, calling('free text'))).toEqual(calling('free text'))
      const asked = { conversation: conversation([], ['refund']), tools: [], looseInputs: ['look'] }
      expect(makeMistake({ kind: 'malformed-input', how: 'half' }, reply, asked)).toBe(reply)
    })
  })

  it('makes its call twice, under two ids', () => {
    const [one, two] = callsOf(make({ kind: 'call-twice' }, calling({ n: 1 })))
    expect([two?.name, two?.input]).toEqual([one?.name, one?.input])
    expect(two?.id).not.toBe(one?.id)
  })

  it('calls a tool that is not on offer', () => {
    expect(callsOf(make({ kind: 'unknown-tool' }, calling({ n: 1 })))).toMatchObject([
      { id, name: 'refund_v2', input: { n: 1 } },
    ])
  })

  it.each([
    ['in the form of one vendor', [{ name: 'refund', input_schema: schema(['order']) }]],
    ['in that of another', [{ type: 'function', function: { name: 'refund', parameters: schema(['order']) } }]],
    ['in that of a third', [{ functionDeclarations: [{ name: 'refund', parameters: schema(['order']) }] }]],
  ])('breaks the schema of a tool that is described %s', (_, tools) => {
    const input = { note: 'soon', order: '42' }
    expect(inputOf(make({ kind: 'invalid-input', how: 'missing' }, calling(input), tools))).toEqual({ note: 'soon' })
    expect(inputOf(make({ kind: 'invalid-input', how: 'type' }, calling(input), tools))).toEqual({
      note: 'soon',
      order: { value: '42' },
    })
    const leftOut = inputOf(make({ kind: 'reworded', how: 'left-out' }, calling(input), tools))
    expect(leftOut).toEqual({ order: '42' })
  })

  it('takes any field for one that must be there, where nothing says which', () => {
    expect(inputOf(make({ kind: 'invalid-input', how: 'missing' }, calling({ order: '42' })))).toEqual({})
  })

  it.each([
    ['order', { a: 1, b: 2 }, '{"b":2,"a":1}'],
    ['number', { id: 'x', cents: 100 }, '{"id":"x","cents":"100.00"}'],
    ['case', { day: 'Friday' }, '{"day":"friday"}'],
    ['case', { n: 1, day: '42 b' }, '{"n":1,"day":"42 B"}'],
    ['space', { day: 'Friday' }, '{"day":" Friday"}'],
  ] as const)('puts the same in another form: %s of %j', (how, input, expected) => {
    expect(JSON.stringify(inputOf(make({ kind: 'reworded', how }, calling(input))))).toBe(expected)
  })

  it.each([
    [{ order: '42' }, { order: '43' }],
    [{ order: 'A-1009/b' }, { order: 'A-1000/b' }],
    [
      { to: 'Ada', cents: 7 },
      { to: 'Ada', cents: 8 },
    ],
    [{ to: 'Ada' }, { to: 'Ada 2' }],
  ])('calls for another thing: %j', (input, expected) => {
    expect(inputOf(make({ kind: 'other-entity' }, calling(input)))).toEqual(expected)
  })

  const ofCalls: readonly Mistake[] = [
    { kind: 'call-twice' },
    { kind: 'call-cut', at: 0.5, stop: 'max-tokens' },
    { kind: 'malformed-input', how: 'half' },
    { kind: 'unknown-tool' },
    { kind: 'invalid-input', how: 'missing' },
    { kind: 'reworded', how: 'order' },
    { kind: 'other-entity' },
  ]
  it.each(ofCalls)('gives the very same answer where there is no call: %j', (mistake) => {
    expect(make(mistake, saying)).toBe(saying)
  })

  it.each([
    ['order', { a: 1 }],
    ['number', { a: 'x' }],
    ['case', { a: '42' }],
    ['space', { a: 42 }],
    ['left-out', { a: 1 }],
  ] as const)('gives the very same answer where it has no other form: %s of %j', (how, input) => {
    const reply = calling(input)
    expect(make({ kind: 'reworded', how }, reply)).toBe(reply)
  })
})
