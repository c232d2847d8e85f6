/** Proves that a session learns what the vendor itself has answered, whole and streamed, and goes on from it under the vendor's ids. */
import { describe, expect, it } from 'vitest'
import { openSession } from '../../../../../harness/providers/openai/responses/session.js'
import { accept, requestOf, type Where } from '../../../../support/providers/asked.js'
import { responses } from '../../../../support/recording/vendors.js'

const own: Where = { url: 'https://api.openai.com/v1/responses' }
const asked = { model: 'gpt-5.4', input: 'Refund order 42.' }
const said = [{ name: 'refund', input: { orderId: '42' } }]
const result = { type: 'function_call_output', call_id: 'call_00kVq7XwTzPn2RsLm', output: 'ok' }
const at = (path: string, method: string, body: object) => ({
  ...requestOf(body, { url: `https://api.openai.com/v1${path}` }),
  method,
})

describe('what the vendor answered', () => {
  it.each([
    ['whole', false],
    ['streamed', true],
  ])('is gone on from by its id, and by those of its items: %s', (_, stream) => {
    const session = openSession()
    const id = session.learn?.(requestOf({ ...asked, stream }, own), responses(said, 0, stream).text)
    expect(id).toBe('resp_00f3c9')
    const { conversation } = accept(session, { model: 'gpt-5.4', previous_response_id: id, input: [result] }, own)
    expect(conversation.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    const references = ['rs_00f3c9', 'fc_000f3c9'].map((item) => ({ type: 'item_reference', id: item }))
    const again = accept(session, { model: 'gpt-5.4', input: [...references, result] }, own)
    expect(again.conversation.messages[0]?.blocks.map(({ kind }) => kind)).toEqual(['other', 'tool-call'])
  })

  it.each([
    ['was not to be kept', { ...asked, store: false }, responses(said, 0, false).text],
    ['is no response', asked, '{"object":"list"}'],
    ['is no JSON', asked, '<html>'],
    ['broke off', asked, responses(said, 0, true).text.split('event: response.completed')[0] as string],
  ])('is not kept where it %s', (_, body, text) => {
    expect(openSession().learn?.(requestOf(body, own), text)).toBeUndefined()
  })

  it('of conversations is known with all that was put in and taken out', () => {
    const session = openSession()
    const hello = { role: 'user', content: 'Hello.' }
    const made = session.learn?.(
      at('/conversations', 'POST', { items: [hello] }),
      '{"id":"conv_1","object":"conversation"}',
    )
    expect(made).toBe('conv_1')
    const data = [
      { ...hello, type: 'message', id: 'msg_1' },
      { ...hello, type: 'message', id: 'msg_2' },
    ]
    session.learn?.(
      at('/conversations/conv_1/items', 'POST', { items: [hello, hello] }),
      JSON.stringify({ object: 'list', data }),
    )
    session.learn?.(at('/conversations/conv_1/items/msg_2', 'DELETE', {}), '{"id":"conv_1"}')
    const { conversation } = accept(session, { ...asked, conversation: 'conv_1' }, own)
    expect(conversation.messages).toEqual([
      { role: 'user', blocks: ['Hello.', 'Hello.', 'Refund order 42.'].map((text) => ({ kind: 'text', text })) },
    ])
    const before = () => session.learn?.(at('/conversations/conv_0/items', 'POST', { items: [hello] }), '{"data":[]}')
    expect(before).toThrow("Conversation with id 'conv_0' not found.")
  })
})

describe('an answer', () => {
  const reply = { blocks: [{ kind: 'text', text: 'Done.' }], stop: 'end-turn', ids: { answer: 'resp_given' } } as const

  it('has the id that it is to have, the first time', () => {
    const session = openSession()
    const ids = [1, 2].map(() => {
      const call = accept(session, asked, own)
      const written = session.write(call, reply, { inputTokens: 1, outputTokens: 1 })
      return (JSON.parse(written.chunks.join('')) as { readonly id: string }).id
    })
    expect(ids).toEqual(['resp_given', expect.stringMatching(/^resp_\w{48}$/)])
  })
})
