/** How Google's own client asks the Gemini API, and what is documented of failures. */
import {
  ApiError,
  type Content,
  type GenerateContentParameters,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
} from '@google/genai'
import { gemini } from 'agent-chaos'
import type { Block, ClientReply, Json, Message, Reply, Subject } from 'agent-chaos/provider-kit'

export const geminiSubject: Subject & { readonly client: string } = {
  provider: gemini,
  client: '@google/genai',
  api: 'generate-content',
  model: 'gemini-3.1-pro-preview',
  marksFailures: true,
  ask: async ({ fetch, baseURL, apiKey, conversation, stream }) => {
    const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: baseURL, fetch } })
    const { model, system, tools, messages } = conversation
    const params: GenerateContentParameters = {
      model,
      contents: contentsOf(messages),
      config: { systemInstruction: system, tools: [{ functionDeclarations: tools.map((name) => ({ name })) }] },
    }
    if (!stream) return replyOf([await client.models.generateContent(params)])
    const events: GenerateContentResponse[] = []
    for await (const event of await client.models.generateContentStream(params)) events.push(event)
    return replyOf(events)
  },
  failures: {
    timeout: throwsError(504, 'DEADLINE_EXCEEDED'),
    'bad-request': throwsError(400, 'INVALID_ARGUMENT'),
    unauthorized: throwsError(400, 'API_KEY_INVALID'),
    'not-found': throwsError(404, 'NOT_FOUND'),
    conflict: throwsError(409, 'ABORTED'),
    'rate-limited': throwsError(429, 'RESOURCE_EXHAUSTED'),
    'server-error': throwsError(500, 'INTERNAL'),
    overloaded: throwsError(503, 'UNAVAILABLE'),
    unavailable: throwsError(503, 'UNAVAILABLE'),
    'too-long': throwsError(400, 'INVALID_ARGUMENT'),
    'too-large': throwsError(400, 'INVALID_ARGUMENT'),
    'spend-limit': throwsError(429, 'RESOURCE_EXHAUSTED'),
    'no-credit': throwsError(429, 'RESOURCE_EXHAUSTED'),
    // Pages of the front end, which name no status.
    reset: throwsError(502),
    refused: throwsError(502),
    unresolved: throwsError(502),
  },
  isStreamError: (error) => error instanceof ApiError && error.status === 500 && error.message.includes('INTERNAL'),
}

function throwsError(status: number, named = '') {
  const isSeen = (error: unknown) =>
    error instanceof ApiError && error.status === status && error.message.includes(named)
  return { status, isSeen }
}

/** As an agent sends it that keeps the parts of its answers; calls that no model made have the documented stand-in. */
export function contentsOf(messages: readonly Message[]): Content[] {
  const names = new Map<string, string>()
  return messages.map(({ role, blocks }) => ({
    role: role === 'user' ? 'user' : 'model',
    parts: blocks.map((block) => partOf(block, names)),
  }))
}

function partOf(block: Block, names: Map<string, string>): Part {
  switch (block.kind) {
    case 'text':
      return { text: block.text }
    case 'tool-call': {
      const { id, name, input } = block
      names.set(id, name)
      const args = input as Record<string, Json>
      return { functionCall: { id, name, args }, thoughtSignature: 'skip_thought_signature_validator' }
    }
    case 'tool-result': {
      const { id, text, failed } = block
      return {
        functionResponse: { id, name: names.get(id) ?? '', response: failed ? { error: text } : { output: text } },
      }
    }
    case 'other':
      throw new Error(`no sample holds a block of type ${block.type}`)
  }
}

function replyOf(events: readonly GenerateContentResponse[]): ClientReply {
  const last = events.at(-1)
  const { promptTokenCount = 0, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = last?.usageMetadata ?? {}
  return {
    blocks: events.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []).flatMap(blockOf),
    stop: last?.candidates?.[0]?.finishReason ?? '',
    usage: { inputTokens: promptTokenCount, outputTokens: candidatesTokenCount + thoughtsTokenCount },
  }
}

function blockOf({ text, functionCall }: Part): Reply['blocks'] {
  if (functionCall) {
    const { id = '', name = '', args = {} } = functionCall
    return [{ kind: 'tool-call', id, name, input: args as Json }]
  }
  return text ? [{ kind: 'text', text }] : []
}
