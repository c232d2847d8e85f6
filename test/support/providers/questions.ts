/** One question to each API of each provider that ships, as its wire has it. */
import type { Provider, WireRequest } from '../../../harness/contracts/provider.js'

export interface Question {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const lastCall = 'A0000001aaaaBBBBccccDD'
const json = { 'content-type': 'application/json' }

/** A conversation with a call and its result, as each API has it on its wire. */
const questions: Readonly<Record<string, (provider: Provider, stream: boolean) => Question>> = {
  'anthropic/messages': ({ callIds }, stream) => ({
    path: '/v1/messages',
    headers: { ...json, 'anthropic-version': '2023-06-01', 'x-api-key': 'sk-ant-test' },
    body: JSON.stringify({
      model: 'claude-opus-5-5',
      max_tokens: 1024,
      stream,
      tools: [{ name: 'refund', input_schema: { type: 'object' } }],
      messages: [
        { role: 'user', content: 'Refund order 42.' },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: callIds.write(lastCall), name: 'refund', input: { orderId: '42' } }],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: callIds.write(lastCall), content: 'ETIMEDOUT', is_error: true },
          ],
        },
      ],
    }),
  }),
  'gemini/generate-content': (_, stream) => ({
    path: `/v1beta/models/gemini-3.1-pro-preview:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    headers: { ...json, 'x-goog-api-key': 'AIza-test' },
    body: JSON.stringify({
      contents: [
        { role: 'user', parts: [{ text: 'Refund order 42.' }] },
        {
          role: 'model',
          parts: [
            {
              functionCall: { id: lastCall, name: 'refund', args: { orderId: '42' } },
              thoughtSignature: 'skip_thought_signature_validator',
            },
          ],
        },
        {
          role: 'user',
          parts: [{ functionResponse: { id: lastCall, name: 'refund', response: { error: 'ETIMEDOUT' } } }],
        },
      ],
      tools: [{ functionDeclarations: [{ name: 'refund' }] }],
    }),
  }),
  'openai/chat': ({ callIds }, stream) => ({
    path: '/v1/chat/completions',
    headers: { ...json, authorization: 'Bearer sk-test' },
    body: JSON.stringify({
      model: 'gpt-5.4',
      stream,
      tools: [{ type: 'function', function: { name: 'refund', parameters: { type: 'object' } } }],
      messages: [
        { role: 'user', content: 'Refund order 42.' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            {
              id: callIds.write(lastCall),
              type: 'function',
              function: { name: 'refund', arguments: '{"orderId":"42"}' },
            },
          ],
        },
        { role: 'tool', tool_call_id: callIds.write(lastCall), content: 'Error: ETIMEDOUT' },
      ],
    }),
  }),
  'openai/responses': ({ callIds }, stream) => ({
    path: '/v1/responses',
    headers: { ...json, authorization: 'Bearer sk-test' },
    body: JSON.stringify({
      model: 'gpt-5.4',
      stream,
      tools: [{ type: 'function', name: 'refund', parameters: { type: 'object' } }],
      input: [
        { role: 'user', content: 'Refund order 42.' },
        {
          type: 'function_call',
          call_id: callIds.write(lastCall),
          name: 'refund',
          arguments: '{"orderId":"42"}',
        },
        { type: 'function_call_output', call_id: callIds.write(lastCall), output: 'Error: ETIMEDOUT' },
      ],
    }),
  }),
}

export function questionTo(provider: Provider, api: string, stream: boolean): Question {
  const question = questions[`${provider.name}/${api}`]
  if (!question) throw new Error(`${provider.name}/${api} has no question here: expected one, so that it is tried too`)
  return question(provider, stream)
}

/** The question as a request at the vendor's own origin. */
export function requestTo(provider: Provider, api: string, stream: boolean): WireRequest {
  const { path, headers, body } = questionTo(provider, api, stream)
  return {
    method: 'POST',
    url: provider.origins[0] + path,
    headers: () => headers,
    header: (name) => headers[name] ?? null,
    body,
  }
}
