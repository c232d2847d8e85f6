/** Proves what the endpoint of Responses keeps between requests: what may be gone on from, and its own thoughts. */
import type OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import type { Reply } from '../../../../../harness/contracts/conversation.js'
import type { ModelCall, ProviderSession } from '../../../../../harness/contracts/provider.js'
import { openSession } from '../../../../../harness/providers/openai/responses/session.js'
import { accept, errorIn, refuse, type Where } from '../../../../support/providers/asked.js'

type Response = OpenAI.Responses.Response

const own: Where = { url: 'https://api.openai.com/v1/responses' }
const usage = { inputTokens: 1, outputTokens: 1 }
const asking: Reply = {
  blocks: [{ kind: 'tool-call', id: 'call_1', name: 'refund', input: { orderId: '42' } }],
  stop: 'tool-use',
}
const saying: Reply = { blocks: [{ kind: 'text', text: 'Done.' }], stop: 'end-turn' }
const result = { type: 'function_call_output', call_id: 'call_1', output: 'ok' }
const thinking = { reasoning: { effort: 'low' } }
const first = { model: 'gpt-5.4', input: 'Refund order 42.' }

function answer(session: ProviderSession, body: object, reply: Reply): { call: ModelCall; response: Response } {
  const call = accept(session, body, own)
  return { call, response: JSON.parse(session.write(call, reply, usage).chunks.join('')) as Response }
}

function reopen(session: ProviderSession): ProviderSession {
  return openSession(JSON.parse(JSON.stringify(session.snapshot())))
}

describe('a response that is gone on from', () => {
  test.each([
    ['in the same session', (session: ProviderSession) => session],
    ['after a crash', reopen],
  ])('brings all that was said, but neither instructions nor tools: %s', (_when, then) => {
    const session = openSession()
    const tools = [{ type: 'function', name: 'refund' }]
    const { response } = answer(session, { ...first, instructions: 'Be kind.', tools }, asking)
    const next = { model: 'gpt-5.4', previous_response_id: response.id, input: [result] }
    const after = then(session)
    const { call, response: second } = answer(after, next, saying)
    expect(second.previous_response_id).toBe(response.id)
    expect(call.conversation).toMatchObject({ system: '', tools: [] })
    expect(call.conversation.messages).toEqual([
      { role: 'user', blocks: [{ kind: 'text', text: 'Refund order 42.' }] },
      { role: 'assistant', blocks: asking.blocks },
      { role: 'user', blocks: [{ kind: 'tool-result', id: 'call_1', failed: false, text: 'ok' }] },
    ])
    const third = accept(after, { model: 'gpt-5.4', previous_response_id: second.id, input: 'And 43?' }, own)
    expect(third.conversation.messages.map(({ blocks }) => blocks.length)).toEqual([1, 1, 1, 1, 1])
    expect(third.inputTokens).toBeGreaterThan(call.inputTokens)
  })

  test('may be gone on from more than once', () => {
    const session = openSession()
    const { response } = answer(session, first, saying)
    for (const input of ['And 43?', 'And 44?']) {
      const call = accept(session, { model: 'gpt-5.4', previous_response_id: response.id, input }, own)
      expect(call.conversation.messages.at(-1)?.blocks).toEqual([{ kind: 'text', text: input }])
    }
  })

  test('is unknown where it was not to be stored, or was never given', () => {
    const session = openSession()
    const { response } = answer(session, { ...first, store: false }, saying)
    for (const id of [response.id, 'resp_other']) {
      const refusal = refuse(session, { ...first, previous_response_id: id }, own)
      expect([refusal.status, refusal.reason]).toEqual([400, 'unknown-item'])
      expect(errorIn(refusal)).toEqual({
        message: `Previous response with id '${id}' not found.`,
        type: 'invalid_request_error',
        param: 'previous_response_id',
        code: 'previous_response_not_found',
      })
    }
  })

  test('is unknown where it failed on its way', () => {
    const session = openSession()
    const { response } = answer(session, first, saying)
    session.failInStream('server-error')
    expect(refuse(session, { ...first, previous_response_id: response.id }, own).reason).toBe('unknown-item')
  })

  test('needs the results of its calls', () => {
    const session = openSession()
    const { response } = answer(session, first, asking)
    const refusal = refuse(session, { ...first, previous_response_id: response.id }, own)
    expect(refusal.message).toBe('No tool output found for function call call_1.')
  })

  test('is not to be sent again beside', () => {
    const session = openSession()
    const { response } = answer(session, first, asking)
    const input = [...response.output, result]
    const refusal = refuse(session, { model: 'gpt-5.4', previous_response_id: response.id, input }, own)
    expect(refusal.reason).toBe('repeated-item')
  })
})

describe('thoughts', () => {
  test('are an item before the answer where they are asked for, with a summary and encrypted as the request wants', () => {
    const plain = answer(openSession(), { ...first, ...thinking }, asking)
    expect(plain.response.output.map(({ type }) => type)).toEqual(['reasoning', 'function_call'])
    expect(plain.response.output[0]).toEqual({
      id: expect.stringMatching(/^rs_\w{48}$/),
      type: 'reasoning',
      summary: [],
    })
    expect(plain.call.reasoningTokens).toBe(64)
    const more = { reasoning: { effort: 'high', summary: 'auto' }, include: ['reasoning.encrypted_content'] }
    const { response } = answer(openSession(), { ...first, ...more }, asking)
    expect(response.output[0]).toMatchObject({
      encrypted_content: expect.stringMatching(/^gAAAAAB/),
      summary: [{ type: 'summary_text', text: expect.any(String) }],
    })
  })

  test.each([
    ['gpt-5.4', undefined, 0],
    ['gpt-5.4', 'none', 0],
    ['gpt-5', undefined, 192],
    ['gpt-6.1-sol', undefined, 192],
    ['o3', 'low', 64],
    ['gpt-4.1', undefined, 0],
  ])('of %s, asked for %s, come to %i tokens', (model, effort, tokens) => {
    const body = { model, input: 'x', ...(effort !== undefined && { reasoning: { effort } }) }
    expect(accept(openSession(), body, own).reasoningTokens).toBe(tokens)
  })

  test('come back with what came out of them, whole or by reference', () => {
    const session = openSession()
    const { response } = answer(session, { ...first, ...thinking }, asking)
    const references = response.output.map(({ id }) => ({ type: 'item_reference', id }))
    for (const items of [response.output, references]) {
      const { conversation } = accept(session, { model: 'gpt-5.4', input: [...items, result] }, own)
      expect(conversation.messages[0]?.blocks.map(({ kind }) => kind)).toEqual(['other', 'tool-call'])
    }
  })

  test('that were not to be stored come back encrypted, in a later session too, and else not at all', () => {
    const session = openSession()
    const stateless = { ...first, ...thinking, store: false, include: ['reasoning.encrypted_content'] }
    const { response } = answer(session, stateless, asking)
    const input = [{ role: 'user', content: 'Go.' }, ...response.output, result]
    accept(session, { ...stateless, input }, own)
    accept(openSession(), { ...stateless, input }, own)
    const bare = input.map((item) => ({ ...item, encrypted_content: undefined }))
    const refusal = refuse(session, { ...stateless, input: bare }, own)
    expect(refusal.status).toBe(404)
    expect(refusal.message).toMatch(
      /^Item with id 'rs_\w+' not found\. Items are not persisted when `store` is set to false\. Try again with `store` set to true, or remove this item from your input\.$/,
    )
    const other = input.map((item) => ('summary' in item ? { ...item, id: 'rs_other' } : item))
    expect(refuse(session, { ...stateless, input: other }, own).message).toContain(
      'Encrypted content item_id did not match the target item id.',
    )
  })

  test('are refused without what came out of them, and so is that without them', () => {
    const session = openSession()
    const { response } = answer(session, { ...first, ...thinking }, asking)
    const [thoughts, called] = response.output
    const lone = refuse(session, { model: 'gpt-5.4', input: [thoughts, { role: 'user', content: 'x' }] }, own)
    expect(lone.message).toBe(
      `Item '${thoughts?.id}' of type 'reasoning' was provided without its required following item.`,
    )
    const without = refuse(session, { model: 'gpt-5.4', input: [called, result] }, own)
    expect([without.reason, without.message]).toEqual([
      'incomplete-reasoning',
      `Item '${called?.id}' of type 'function_call' was provided without its required 'reasoning' item: '${thoughts?.id}'.`,
    ])
    const { id: _id, ...unnamed } = called as OpenAI.Responses.ResponseFunctionToolCall
    accept(session, { model: 'gpt-5.4', input: [unnamed, result] }, own)
  })
})
