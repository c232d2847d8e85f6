/** What is parsed by what was added is what JSON.parse gives, whatever text comes after whatever other. */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Json } from '../../../faults/json.js'
import { GrowingBodies } from '../../../harness/providers/growing-bodies.js'

function parsedBy(bodies: GrowingBodies, text: string): unknown {
  try {
    return bodies.parse(text)
  } catch (error) {
    return String(error)
  }
}

function plainly(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return String(error)
  }
}

/** The texts, one after the other, by one reader and by the platform. */
function expectSame(texts: readonly string[]): void {
  const bodies = new GrowingBodies('messages')
  expect(texts.map((text) => parsedBy(bodies, text))).toEqual(texts.map(plainly))
}

const body = (messages: readonly unknown[], more: object = { tools: [{ name: 'look' }] }) =>
  JSON.stringify({ model: 'm', messages, ...more })

describe('a body that grows', () => {
  it('shares with the one before all but what is new', () => {
    const bodies = new GrowingBodies('messages')
    const first = bodies.parse(body([{ a: 1 }])) as { messages: unknown[]; tools: unknown }
    const second = bodies.parse(body([{ a: 1 }, { b: 2 }])) as typeof first
    expect(second.messages).toEqual([{ a: 1 }, { b: 2 }])
    expect(second.messages[0]).toBe(first.messages[0])
    expect(second.tools).toBe(first.tools)
    expect(first.messages).toHaveLength(1)
  })

  it('goes on from each of several that grow side by side', () => {
    const bodies = new GrowingBodies('messages')
    const texts = (name: string) => [body([{ name }]), body([{ name }, 1]), body([{ name }, 1, 2])]
    const [a, b] = [texts('a'), texts('b')]
    const values = a.flatMap((text, at) => [bodies.parse(text), bodies.parse(b[at] ?? '')]) as { messages: unknown[] }[]
    expect(values[4]?.messages[0]).toBe(values[0]?.messages[0])
    expect(values[5]?.messages[0]).toBe(values[1]?.messages[0])
  })

  it.each([
    ['a list of the same name within', body([1], { a: { messages: [1] } }), body([1], { a: { messages: [1, 2] } })],
    ['another list', body([1], { tools: [1] }), body([1], { tools: [1, 2] })],
    [
      'text that ends the list and begins it again',
      body([1]),
      '{"model":"m","messages":[1,2],"messages":[3],"tools":[{"name":"look"}]}',
    ],
    ['what is no JSON', body([1]), body([1]).replace('[1]', '[1,]')],
    ['a bracket too many', body([1]), body([1]).replace('[1]', '[1,2]]')],
    ['blanks', body([1]), body([1]).replace('[1]', '[1, 2 ]')],
    ['fields given twice', '{"messages":[1],"messages":[2]}', '{"messages":[1],"messages":[2,3]}'],
    ['a name like a number', '{"b":1,"messages":[1],"7":1}', '{"b":1,"messages":[1,2],"7":1}'],
    ['a field that is called __proto__', '{"__proto__":1,"messages":[1]}', '{"__proto__":1,"messages":[1,2]}'],
    ['an empty list', body([]), body([1])],
    ['no list', '{"messages":"[1]"}', '{"messages":"[1,2]"}'],
    ['no record', '[1]', '[1,2]'],
  ])('is what JSON.parse gives: %s', (_, first, second) => {
    expectSame([first, second, first, second])
  })
})

test('whatever bodies come in whatever order, each is what JSON.parse gives', () => {
  const message = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>
  const conversation = fc.record({
    messages: fc.array(message, { maxLength: 6 }),
    more: fc.dictionary(fc.constantFrom('tools', 'max', 'messages2', '1'), message),
    cut: fc.nat(6),
  })
  fc.assert(
    fc.property(fc.array(conversation, { maxLength: 4 }), (conversations) => {
      const texts = conversations.flatMap(({ messages, more, cut }) => [
        body(messages.slice(0, cut), more),
        body(messages, more),
        body([...messages, 'again'], more),
      ])
      expectSame(texts)
    }),
  )
})
