/** That messages are the same where all that counts in them is, and different where one part of it differs. */
import { describe, expect, it } from 'vitest'
import { sharedLength } from '../../../../harness/boundaries/model/likeness.js'
import type { Block, Message } from '../../../../harness/contracts/conversation.js'

const call = { kind: 'tool-call', id: 'a', name: 'refund', input: { orderId: '42' } } as const
const result = { kind: 'tool-result', id: 'a', failed: false, text: 'done' } as const
const other = { kind: 'other', type: 'image', data: 'AAAA' } as unknown as Block
const isShared = (left: Block, right: Block) =>
  sharedLength([{ role: 'user', blocks: [left] }], [{ role: 'user', blocks: [right] }]) === 1

describe('a block', () => {
  it.each<Block>([{ kind: 'text', text: 'hello' }, call, result, { ...result, others: [other] } as Block, other])(
    'is the same as an equal one: %j',
    (block) => expect(isShared(block, structuredClone(block))).toBe(true),
  )

  it.each<[Block, Block]>([
    [
      { kind: 'text', text: 'hello' },
      { kind: 'text', text: 'goodbye' },
    ],
    [call, { ...call, id: 'b' }],
    [call, { ...call, name: 'charge' }],
    [call, { ...call, input: { orderId: '43' } }],
    [result, { ...result, id: 'b' }],
    [result, { ...result, failed: true }],
    [result, { ...result, text: 'not done' }],
    [result, { ...result, others: [other] } as Block],
    [other, { ...other, data: 'BBBB' } as unknown as Block],
    [call, result],
  ])('is another one than %j where it is %j', (left, right) => {
    expect([isShared(left, right), isShared(right, left)]).toEqual([false, false])
  })
})

describe('conversations', () => {
  const messages: Message[] = ['one', 'two', 'three'].map((text) => ({
    role: 'user',
    blocks: [{ kind: 'text', text }],
  }))

  it('share what both begin with', () => {
    expect(sharedLength(messages, messages.slice(0, 2))).toBe(2)
    expect(sharedLength(messages, [...messages].reverse())).toBe(0)
    expect(sharedLength(messages, [{ ...(messages[0] as Message), role: 'assistant' }])).toBe(0)
  })
})
