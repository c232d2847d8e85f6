/** Proves that requests of Responses are refused as the real API refuses them, and that no other is. */
import { describe, expect, test } from 'vitest'
import type { RefusalReason } from '../../../../../harness/contracts/failure.js'
import { openSession } from '../../../../../harness/providers/openai/responses/session.js'
import { accept, errorIn, refuse, type Where } from '../../../../support/providers/asked.js'

const own: Where = { url: 'https://api.openai.com/v1/responses' }
const user = { role: 'user', content: 'Refund order 42.' }
const call = { type: 'function_call', call_id: 'call_1', name: 'refund', arguments: '{}' }
const custom = { type: 'custom_tool_call', call_id: 'call_1', name: 'patch', input: 'x' }
const result = (id = 'call_1') => ({ type: 'function_call_output', call_id: id, output: 'done' })
const of = (...input: unknown[]) => ({ model: 'gpt-5.4', input })
const request = 'invalid_request_error'

const inputs: (readonly [
  what: string,
  input: readonly unknown[],
  status: number,
  reason: RefusalReason,
  message: string | RegExp,
  param: string | null,
  code: string | null,
])[] = [
  [
    'a call that is not answered',
    [user, call],
    400,
    'unanswered-tool-call',
    'No tool output found for function call call_1.',
    'input',
    null,
  ],
  [
    'a call of free text that is not answered',
    [user, custom],
    400,
    'unanswered-tool-call',
    'No tool output found for custom tool call call_1.',
    'input',
    null,
  ],
  [
    'a result of no call',
    [user, result('call_2')],
    400,
    'unknown-tool-result',
    'No tool call found for function call output with call_id call_2.',
    'input',
    null,
  ],
  [
    'an id of another vendor',
    [user, { ...call, id: 'toolu_01' }, result()],
    400,
    'malformed',
    "Invalid 'input[1].id': 'toolu_01'. Expected an ID that begins with 'fc'.",
    'input[1].id',
    'invalid_value',
  ],
  [
    'an item twice',
    [user, { ...call, id: 'fc_1' }, result(), { ...call, id: 'fc_1', call_id: 'call_2' }, result('call_2')],
    400,
    'repeated-item',
    'Duplicate item found with id fc_1. Remove duplicate items from your input and try again.',
    'input',
    null,
  ],
  [
    'a result that holds nothing',
    [user, call, { type: 'function_call_output', call_id: 'call_1' }],
    400,
    'missing-field',
    "Missing required parameter: 'input[2].output'.",
    'input[2].output',
    'missing_required_parameter',
  ],
  [
    'thoughts that nobody kept',
    [user, { type: 'reasoning', id: 'rs_1', summary: [] }, call, result()],
    404,
    'unknown-item',
    "Item with id 'rs_1' not found.",
    'input',
    null,
  ],
  [
    'a reference to what nobody kept',
    [user, { type: 'item_reference', id: 'msg_1' }],
    404,
    'unknown-item',
    "Item with id 'msg_1' not found.",
    'input',
    null,
  ],
  [
    'thoughts that another endpoint encrypted',
    [user, { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAABother-DQ==' }, call, result()],
    400,
    'unverified-reasoning',
    'The encrypted content gAAA...DQ== could not be verified. Reason: Encrypted content could not be decrypted or parsed.',
    null,
    'invalid_encrypted_content',
  ],
  [
    'a kind of item that there is not',
    [{ type: 'tool_result', id: 'x' }],
    400,
    'malformed',
    /^Invalid value: 'tool_result'\. Supported values are: 'message', .*, and 'program_output'\.$/,
    'input[0]',
    'invalid_value',
  ],
  [
    'a role that there is not',
    [{ role: 'tool', content: 'x' }],
    400,
    'malformed',
    "Invalid value: 'tool'. Supported values are: 'assistant', 'system', 'developer', and 'user'.",
    'input[0]',
    'invalid_value',
  ],
  [
    'a message that says nothing',
    [{ role: 'user' }],
    400,
    'missing-field',
    "Missing required parameter: 'input[0].content'.",
    'input[0].content',
    'missing_required_parameter',
  ],
]

describe('an input is refused in the words of the API', () => {
  test.each(inputs)('%s', (_what, input, status, reason, message, param, code) => {
    const refusal = refuse(openSession(), of(...input), own)
    expect([refusal.status, refusal.reason, refusal.answer.status]).toEqual([status, reason, status])
    const said = typeof message === 'string' ? message : expect.stringMatching(message)
    expect(errorIn(refusal)).toEqual({ message: said, type: request, param, code })
  })
})

describe('a request is refused', () => {
  const valid = of(user)

  test.each<[string, unknown, number, RefusalReason, string]>([
    ['that is no JSON', '{', 400, 'not-json', 'We could not parse the JSON body of your request.'],
    ['that names no model', { input: 'x' }, 400, 'missing-field', "Missing required parameter: 'model'."],
    ['without input', { model: 'gpt-5.4' }, 400, 'missing-field', "Missing required parameter: 'input'."],
    ['whose input is empty', { ...valid, input: [] }, 400, 'empty-content', 'One of "input" or "previous_response_id"'],
    [
      "for another vendor's model",
      { ...valid, model: 'gemini-2.5-pro' },
      400,
      'unknown-model',
      "The requested model '",
    ],
    [
      'with a tool of the other API',
      { ...valid, tools: [{ type: 'function', function: { name: 'refund' } }] },
      400,
      'missing-field',
      "Missing required parameter: 'tools[0].name'.",
    ],
    [
      'that has messages too',
      { ...valid, messages: [user] },
      400,
      'malformed',
      "Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'.",
    ],
    ['for too short an answer', { ...valid, max_output_tokens: 9 }, 400, 'malformed', "Invalid 'max_output_tokens'"],
    [
      'that asks a model to think that cannot',
      { ...valid, model: 'gpt-4.1', reasoning: { effort: 'high' } },
      400,
      'malformed',
      "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
    ],
    [
      'that goes on from two sides',
      { ...valid, conversation: 'conv_1', previous_response_id: 'resp_1' },
      400,
      'malformed',
      'Mutually exclusive parameters',
    ],
    [
      'that is longer than the model can take in',
      { model: 'gpt-4', input: 'x'.repeat(40_000) },
      400,
      'too-long',
      'Your input exceeds the context window of this model. Please adjust your input and try again.',
    ],
  ])('%s', (_what, body, status, reason, message) => {
    const refusal = refuse(openSession(), body, own)
    expect([refusal.status, refusal.reason]).toEqual([status, reason])
    expect(refusal.message).toContain(message)
  })
})

describe('a request is accepted', () => {
  test.each<[string, object]>([
    ['of one text', { model: 'gpt-5.4', input: 'Go.' }],
    ['whose results come later than something else', of(user, call, { role: 'user', content: 'And?' }, result())],
    ['with an id that nobody kept, of what is all there', of(user, { ...call, id: 'fc_1' }, result())],
    ['with a tool that the vendor runs', { ...of(user), tools: [{ type: 'web_search' }] }],
    ['with fields that are null', { ...of(user), tools: null, instructions: null, previous_response_id: null }],
  ])('%s', (_what, body) => {
    expect(accept(openSession(), body, own).kind).toBe('call')
  })
})
