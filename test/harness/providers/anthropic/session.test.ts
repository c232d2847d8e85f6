/** Proves that message threads are gone on from under the ids that the vendor itself gave. */
import { describe, expect, it } from 'vitest'
import type { WireRequest } from '../../../../harness/contracts/provider.js'
import { openSession } from '../../../../harness/providers/anthropic/session.js'
import { messages } from '../../../support/recording/vendors.js'

const headers = {
  'x-api-key': 'sk-of-nobody',
  'anthropic-version': '2023-06-01',
  'anthropic-beta': 'message-threads-2026-08-12',
}
const ask = (content: unknown, thread?: object): WireRequest => ({
  method: 'POST',
  url: 'https://api.anthropic.com/v1/messages',
  header: (name) => (headers as Readonly<Record<string, string>>)[name] ?? null,
  headers: () => headers,
  body: JSON.stringify({
    model: 'claude-opus-5-5',
    max_tokens: 64,
    messages: [{ role: 'user', content }],
    ...(thread && { thread }),
  }),
})
const answer = messages([{ name: 'refund', input: { orderId: '42' } }], 0, false).text
const id = 'msg_010XFDUDYJgAACzvnptvVoYEL'

describe('what the vendor answered', () => {
  it('in a thread is gone on from by its id', () => {
    const session = openSession()
    expect(session.learn?.(ask('Refund order 42.', { type: 'create' }), answer)).toBe(id)
    const result = [{ type: 'tool_result', tool_use_id: 'toolu_0100T1x1fJ34', content: 'ok' }]
    const read = session.read(ask(result, { type: 'continue', previous_message_id: id }))
    expect(read.kind === 'call' && read.conversation.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
    ])
  })

  it('in none is not kept', () => {
    expect(openSession().learn?.(ask('Refund order 42.'), answer)).toBeUndefined()
  })
})

it('an answer has the id that it is to have, the first time that it is kept', () => {
  const session = openSession()
  const reply = { blocks: [{ kind: 'text', text: 'Done.' }], stop: 'end-turn', ids: { answer: id } } as const
  const ids = [1, 2].map(() => {
    const call = session.read(ask('Hello.', { type: 'create' }))
    if (call.kind === 'refusal') throw new Error(call.message)
    const { chunks } = session.write(call, reply, { inputTokens: 1, outputTokens: 1 })
    return (JSON.parse(chunks.join('')) as { readonly id: string }).id
  })
  expect(ids).toEqual([id, expect.stringMatching(/^msg_01\w{22}$/)])
})
