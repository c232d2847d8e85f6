import { describe, expect, it } from 'vitest'
import type { Json } from '../../../faults/json.js'
import type { Message } from '../../../harness/contracts/conversation.js'
import { comparable, differenceOf, likest, tellDifference } from '../../../harness/contracts/recorded-likeness.js'
import { redacted } from '../../../harness/contracts/secret-forms.js'
import { conversation, result, results, user } from '../../support/models/conversations.js'

describe('differenceOf', () => {
  it.each<readonly [string, Json, Json]>([
    ['fields in another order', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['a date', 'Today is 2026-11-30.', 'Today is 2027-01-02.'],
    ['a time of day', { at: '09:05' }, { at: '10:15:01' }],
    ['milliseconds as a number', { at: 1796029500000 }, { at: 1796029999999 }],
    ['a UUID', 'order 0b0c1f5e-3a52-4d0c-9d3f-1c2b3a4d5e6f', 'order 9b0c1f5e-3a52-4d0c-9d3f-1c2b3a4d5e6f'],
    ['what was redacted', `key ${redacted}, and ${redacted}.`, 'key abc, and , and def.'],
    ['what was redacted alone', redacted, ''],
  ])('holds for equal: %s', (_, recorded, got) => {
    expect(differenceOf(recorded, got)).toBeUndefined()
  })

  it.each<readonly [Json, Json, string]>([
    [{ a: { b: [1, 2] } }, { a: { b: [1, 3] } }, 'a.b[1] differs: recorded 2, got 3'],
    [{ a: 1 }, {}, 'a differs: recorded 1, got nothing'],
    [{}, { a: null }, 'a differs: recorded nothing, got null'],
    [{ a: ['x'] }, { a: ['x', 'y'] }, 'a[1] differs: recorded nothing, got "y"'],
    [{ a: '1' }, { a: 1 }, 'a differs: recorded "1", got 1'],
    [{ a: [] }, { a: {} }, 'a differs: recorded [], got {}'],
    [{ cents: 4200 }, { cents: 4201 }, 'cents differs: recorded 4200, got 4201'],
    [{ key: `${redacted}.` }, { key: 'abc' }, `key differs: recorded "${redacted}.", got "abc"`],
    // Both ends stand in the text, but one over the other.
    [
      { key: `aba${redacted}aba` },
      { key: 'ababa'.slice(0, 4) },
      `key differs: recorded "aba${redacted}aba", got "abab"`,
    ],
    [
      { key: `a${redacted}b${redacted}c` },
      { key: 'a--c' },
      `key differs: recorded "a${redacted}b${redacted}c", got "a--c"`,
    ],
  ])('tells the first field that differs: %j, %j', (recorded, got, told) => {
    const difference = differenceOf(recorded, got)
    expect(difference && tellDifference(difference)).toBe(told)
  })

  it('quotes no more than a sentence may', () => {
    const difference = differenceOf({ a: 'x'.repeat(10_000) }, { a: 'y' })
    expect(difference && tellDifference(difference).length).toBeLessThan(600)
  })
})

describe('likest', () => {
  const plain = (one: string) => one

  it('takes those that are the same to the letter', () => {
    expect(likest(['on 2026-11-30', 'on 2026-12-01'], plain, 'on 2026-12-01')).toEqual(['on 2026-12-01'])
  })

  it('takes all where none is', () => {
    expect(likest(['on 2026-11-30', 'on 2026-12-01'], plain, 'on 2027-01-01')).toHaveLength(2)
  })
})

describe('comparable', () => {
  const messagesWith = (id: string, other: string): readonly Message[] => [
    user('Refund it.'),
    {
      role: 'assistant',
      blocks: [
        { kind: 'other', type: 'thinking', content: other },
        { kind: 'text', text: 'One ' },
        { kind: 'text', text: 'moment.' },
        { kind: 'tool-call', id, name: 'refund', input: {} },
      ],
    },
    results(result(id, 'done')),
  ]
  const likeness = (id: string, other: string) => comparable(conversation(messagesWith(id, other), ['b', 'a']))

  it('knows calls by their order, and nothing of what a model thought', () => {
    expect(likeness('call_1', 'so')).toEqual(likeness('toolu_2', 'or so'))
    expect(likeness('call_1', 'so').tools).toEqual(['a', 'b'])
  })

  it('knows which call a result is for', () => {
    const calls = ['x', 'y'].map((id) => ({ kind: 'tool-call' as const, id, name: 'look', input: {} }))
    const of = (...ids: string[]) =>
      comparable(conversation([{ role: 'assistant', blocks: calls }, results(...ids.map((id) => result(id)))], []))
    expect(differenceOf(of('x', 'y'), of('y', 'x'))?.path).toBe('messages[1].blocks[0].resultOf')
  })

  it('keeps what a user shows beside words', () => {
    const of = (content: string) =>
      comparable(conversation([{ role: 'user', blocks: [{ kind: 'other', type: 'image', content }] }], []))
    expect(differenceOf(of('cat'), of('dog'))?.path).toBe('messages[0].blocks[0].content')
  })
})
