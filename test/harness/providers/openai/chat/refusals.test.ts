/** Proves that requests of Chat Completions are refused as the real API refuses them, and that no other is. */
import { describe, expect, test } from 'vitest'
import type { RefusalReason } from '../../../../../harness/contracts/failure.js'
import { openSession } from '../../../../../harness/providers/openai/chat/session.js'
import { accept, errorIn, refuse, type Where } from '../asked.js'

const own: Where = { url: 'https://api.openai.com/v1/chat/completions' }
const user = { role: 'user', content: 'Refund order 42.' }
const call = { id: 'call_1', type: 'function', function: { name: 'refund', arguments: '{}' } }
const asks = (...calls: object[]) => ({ role: 'assistant', content: null, tool_calls: calls })
const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'done' })
const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })
const of = (...messages: unknown[]) => ({ model: 'gpt-5.4', messages })
const messagesRefused: (readonly [
  what: string,
  messages: readonly unknown[],
  reason: RefusalReason,
  message: string,
  param: string | null,
  code: string | null,
])[] = [
  [
    'a result that answers no call',
    [user, result('call_1')],
    'unknown-tool-result',
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    'messages.[1].role',
    null,
  ],
  [
    'a result of a call that was not made',
    [user, asks(call), result('call_2')],
    'unknown-tool-result',
    "Invalid parameter: 'tool_call_id' of 'call_2' not found in 'tool_calls' of previous message.",
    'messages.[2].tool_call_id',
    null,
  ],
  [
    'two results of one call',
    [user, asks(call), result('call_1'), result('call_1')],
    'repeated-tool-result',
    "Duplicate value for 'tool_call_id' of 'call_1' in message[3]",
    'messages.[3].tool_call_id',
    null,
  ],
  [
    'calls of which one is not answered before something else is said',
    [user, asks(call, { ...call, id: 'call_2' }), result('call_1'), user],
    'unanswered-tool-call',
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: call_2",
    'messages.[3].role',
    null,
  ],
  [
    'a call that is not answered at all',
    [user, asks(call)],
    'unanswered-tool-call',
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: call_1",
    'messages',
    null,
  ],
  [
    'a role that there is not',
    [{ role: 'model', content: 'x' }],
    'malformed',
    "Invalid value: 'model'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.",
    'messages[0].role',
    'invalid_value',
  ],
  [
    'a message of no role',
    [{ content: 'x' }],
    'missing-field',
    "Missing required parameter: 'messages[0].role'.",
    'messages[0].role',
    'missing_required_parameter',
  ],
  [
    'an assistant that says nothing and calls nothing',
    [user, { role: 'assistant', content: null }],
    'empty-content',
    "Invalid value for 'content': expected a string, got null.",
    'messages.[1].content',
    null,
  ],
  [
    'a list of calls with nothing in it',
    [user, { role: 'assistant', content: 'x', tool_calls: [] }],
    'malformed',
    "Invalid 'messages[1].tool_calls': empty array. Expected an array with minimum length 1, but got an empty array instead.",
    'messages[1].tool_calls',
    'empty_array',
  ],
  [
    'a part of a kind that there is not',
    [{ role: 'user', content: [{ type: 'input_text', text: 'x' }] }],
    'malformed',
    "Invalid value: 'input_text'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', 'audio', and 'file'.",
    'messages[0].content[0].type',
    'invalid_value',
  ],
  [
    'content that is neither text nor parts',
    [{ role: 'user', content: { text: 'x' } }],
    'malformed',
    "Invalid type for 'messages[0].content': expected one of a string or array of objects, but got an object instead.",
    'messages[0].content',
    'invalid_type',
  ],
  [
    'the result of no call',
    [user, asks(call), { role: 'tool', content: 'done' }],
    'missing-field',
    "Missing parameter 'tool_call_id': messages with role 'tool' must have a 'tool_call_id'.",
    'messages.[2].tool_call_id',
    null,
  ],
  [
    'an id that is longer than those of the API',
    [user, asks({ ...call, id: 'x'.repeat(41) })],
    'malformed',
    "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40, but got a string with length 41 instead.",
    'messages[1].tool_calls[0].id',
    'string_above_max_length',
  ],
  [
    'no message at all',
    [],
    'empty-content',
    "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
    'messages',
    'empty_array',
  ],
]

describe('messages are refused with 400, in the words of the API', () => {
  test.each(messagesRefused)('%s', (_what, messages, reason, message, param, code) => {
    const refusal = refuse(openSession(), of(...messages), own)
    expect([refusal.status, refusal.reason, refusal.answer.status]).toEqual([400, reason, 400])
    expect(errorIn(refusal)).toEqual({ message, type: 'invalid_request_error', param, code })
    expect(refusal.answer.headers['x-request-id']).toMatch(/^req_[0-9a-z]{32}$/)
  })
})

describe('a request is refused', () => {
  const valid = of(user)

  test.each<[string, unknown, number, RefusalReason, string]>([
    ['that is no JSON', '{"model":', 400, 'not-json', 'We could not parse the JSON body of your request.'],
    ['that names no model', { messages: [user] }, 400, 'missing-field', 'you must provide a model parameter'],
    ['without messages', { model: 'gpt-5.4' }, 400, 'missing-field', "Missing required parameter: 'messages'."],
    [
      'whose messages are a text',
      { ...valid, messages: 'x' },
      400,
      'malformed',
      "Invalid type for 'messages': expected",
    ],
    ["for another vendor's model", { ...valid, model: 'claude-opus-5' }, 404, 'unknown-model', 'The model `claude-'],
    ['whose stream is no truth value', { ...valid, stream: 'yes' }, 400, 'malformed', "Invalid type for 'stream'"],
    ['with no tools in the list', { ...valid, tools: [] }, 400, 'empty-content', "Invalid 'tools': empty array."],
    [
      'with a tool without a name',
      { ...valid, tools: [{ type: 'function', function: {} }] },
      400,
      'missing-field',
      "Missing required parameter: 'tools[0].function.name'.",
    ],
    [
      'with a name that the API does not take',
      { ...valid, tools: [tool('shop.refund')] },
      400,
      'malformed',
      "Invalid 'tools[0].function.name': string does not match pattern.",
    ],
    [
      'that chooses among no tools',
      { ...valid, tool_choice: 'auto' },
      400,
      'malformed',
      "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
    ],
    [
      'that limits a model that thinks by the old name',
      { ...valid, max_tokens: 9 },
      400,
      'malformed',
      "Unsupported parameter: 'max_tokens' is not supported with this model.",
    ],
    [
      'that asks for usage of what is no stream',
      { ...valid, stream_options: { include_usage: true } },
      400,
      'malformed',
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
    ],
  ])('%s', (_what, body, status, reason, message) => {
    const refusal = refuse(openSession(), body, own)
    expect([refusal.status, refusal.reason]).toEqual([status, reason])
    expect(refusal.message).toContain(message)
  })

  test('that is longer than the model can take in, with what it came to', () => {
    const body = { model: 'gpt-4', messages: [{ role: 'user', content: 'x'.repeat(40_000) }], tools: [tool('refund')] }
    const refusal = refuse(openSession(), body, own)
    expect(refusal.reason).toBe('too-long')
    expect(errorIn(refusal)).toEqual({
      message:
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 10021 tokens (10000 in " +
        'the messages, 21 in the functions). Please reduce the length of the messages or functions.',
      type: 'invalid_request_error',
      param: 'messages',
      code: 'context_length_exceeded',
    })
  })

  test('without a key, by the vendor alone', () => {
    const refusal = refuse(openSession(), valid, { ...own, headers: {} })
    expect([refusal.status, refusal.reason]).toEqual([401, 'unauthenticated'])
    accept(openSession(), valid, { url: 'https://llm.corp.example/v1/chat/completions', headers: {} })
    accept(openSession(), valid, { ...own, headers: { 'api-key': 'azure' } })
  })
})

describe('a request is accepted', () => {
  test.each<[string, object]>([
    ['whose texts are empty', of({ role: 'user', content: '' })],
    ['with an instruction in the middle', of(user, { role: 'developer', content: 'Be brief.' }, user)],
    [
      'whose answers come in another order',
      of(user, asks(call, { ...call, id: 'call_2' }), result('call_2'), result('call_1')),
    ],
    ['that repeats an id in a later turn', of(user, asks(call), result('call_1'), asks(call), result('call_1'))],
    [
      'whose arguments are no JSON',
      of(user, asks({ ...call, function: { name: 'refund', arguments: '{"a' } }), result('call_1')),
    ],
    ['with two tools of one name', { ...of(user), tools: [tool('refund'), tool('refund')] }],
    ['with fields that are null', { ...of(user), temperature: null, tools: null, stream: null, max_tokens: null }],
    ['with fields that nobody knows here', { ...of(user), verbosity: 'low', provider: { order: ['x'] } }],
    ["for another vendor's model at a gateway", { ...of(user), model: 'claude-opus-5' }],
  ])('%s', (what, body) => {
    const where = what.includes('gateway') ? { url: 'https://gateway.example/v1/chat/completions' } : own
    expect(accept(openSession(), body, where).kind).toBe('call')
  })

  test("for the deployment that Azure's path names", () => {
    const url = 'https://shop.openai.azure.com/openai/deployments/our-gpt/chat/completions?api-version=2024-10-21'
    expect(accept(openSession(), { messages: [user] }, { url }).conversation.model).toBe('our-gpt')
  })
})
