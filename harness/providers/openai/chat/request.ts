/** Reads a request to `/v1/chat/completions` as the real API does, once, and refuses what it refuses, in its words. */
import type { Json } from '../../../../faults/json.js'
import { type Anything, isRecord } from '../../../contracts/checks.js'
import type { ModelQuery, WireRequest } from '../../../contracts/provider.js'
import { authenticate, isThere, isVendors } from '../access.js'
import { contextWindowOf } from '../context-window.js'
import { invalid } from '../error.js'
import { checkLeast, checkTypes, parseBody, requireText } from '../fields.js'
import { isReasoning, reasoningTokensOf } from '../reasoning.js'
import { callsMaxOf, namesAllowed, noTools, type Offer, readTools } from '../tools.js'
import { historyOf } from './conversation.js'
import { type ReadMessage, readMessages } from './messages.js'

/** A request that was read, but for how its calls and results go together. */
export interface ChatRequest {
  readonly query: ModelQuery
  readonly messages: readonly ReadMessage[]
  readonly inputTokens: number
  readonly reasoningTokens: number
  readonly callsMax: number
  readonly offer: Offer
  /** Whether the stream is to end with what it cost. */
  readonly includesUsage: boolean
}

export const api = 'chat'

/** `parse` may know the body in part already. Throws `Refused`. */
export function parseRequest(request: WireRequest, parse: (text: string) => unknown): ChatRequest {
  authenticate(request)
  const body = parseBody(request.body, parse)
  const model = modelOf(body, request.url)
  const messages = readMessages(body.messages)
  const offer = body.tools === undefined || body.tools === null ? noTools : readTools(body.tools, 'nested')
  checkSettings(body, model, request.url)
  const { system, messages: sides } = historyOf(messages)
  const { model: _model, messages: _messages, tools, stream, stream_options: streamed, ...settings } = body
  return {
    query: {
      api,
      conversation: { model, system, messages: sides, tools: namesAllowed(offer, body.tool_choice) },
      stream: stream === true,
      tools: (tools ?? []) as Json,
      settings: settings as Readonly<Record<string, Json>>,
    },
    messages,
    inputTokens: Math.ceil(charactersOf(messages, offer) / 4),
    reasoningTokens: reasoningTokensOf(model, body.reasoning_effort),
    callsMax: callsMaxOf(body),
    offer,
    includesUsage: isRecord(streamed) && streamed.include_usage === true,
  }
}

/** Azure names it in the path. */
function modelOf(body: Anything, url: string): string {
  const deployment = /\/deployments\/([^/]+)\//.exec(new URL(url).pathname)?.[1]
  if (body.model === undefined && deployment !== undefined) return deployment
  if (body.model === undefined) throw invalid('you must provide a model parameter', { reason: 'missing-field' })
  const model = requireText(body, 'model')
  if (isThere(model, url)) return model
  const message = `The model \`${model}\` does not exist or you do not have access to it.`
  throw invalid(message, { status: 404, code: 'model_not_found', reason: 'unknown-model' })
}

function charactersOf(messages: readonly ReadMessage[], offer: Offer): number {
  return messages.reduce((sum, { characters }) => sum + characters, offer.characters)
}

function checkSettings(body: Anything, model: string, url: string): void {
  checkTypes(body, {
    stream: 'a boolean',
    stream_options: 'an object',
    store: 'a boolean',
    parallel_tool_calls: 'a boolean',
    max_tokens: 'an integer',
    max_completion_tokens: 'an integer',
    n: 'an integer',
    seed: 'an integer',
    temperature: 'a number',
    top_p: 'a number',
    metadata: 'an object',
    response_format: 'an object',
  })
  for (const name of ['max_tokens', 'max_completion_tokens', 'n']) checkLeast(body, name, 1)
  for (const name of ['tool_choice', 'parallel_tool_calls']) checkNeedsTools(body, name)
  if (body.stream_options !== undefined && body.stream_options !== null && body.stream !== true) {
    const message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    throw invalid(message, { param: 'stream_options' })
  }
  if (isVendors(url) && isReasoning(model) && body.max_tokens !== undefined && body.max_tokens !== null) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    throw invalid(message, { param: 'max_tokens', code: 'unsupported_parameter' })
  }
}

/** `tool_choice: 'none'` says what is so without tools. */
function checkNeedsTools(body: Anything, name: string): void {
  const value = body[name]
  if (value === undefined || value === null || value === 'none' || (body.tools !== undefined && body.tools !== null)) {
    return
  }
  throw invalid(`Invalid value for '${name}': '${name}' is only allowed when 'tools' are specified.`, { param: name })
}

/** Refuses what is more than the model takes in at once. */
export function checkWindow({ query, inputTokens, offer }: ChatRequest): void {
  const window = contextWindowOf(query.conversation.model)
  if (window === undefined || inputTokens <= window) return
  const tools = Math.ceil(offer.characters / 4)
  const parts = tools === 0 ? '' : ` (${inputTokens - tools} in the messages, ${tools} in the functions)`
  const shorter = tools === 0 ? 'messages' : 'messages or functions'
  const message =
    `This model's maximum context length is ${window} tokens. However, your messages resulted in ${inputTokens} ` +
    `tokens${parts}. Please reduce the length of the ${shorter}.`
  throw invalid(message, { param: 'messages', code: 'context_length_exceeded', reason: 'too-long' })
}
