/**
 * Reads a request to `/v1/responses` as the real API does, once, and refuses what it refuses, in its words. What the
 * endpoint keeps of the conversation is put before what the request adds.
 */
import type { Json } from '../../../../faults/json.js'
import { type Anything, isRecord } from '../../../contracts/checks.js'
import type { ModelQuery, WireRequest } from '../../../contracts/provider.js'
import { authenticate, isThere, isVendors } from '../access.js'
import { contextWindowOf } from '../context-window.js'
import { invalid } from '../error.js'
import { checkLeast, checkTypes, missing, parseBody, requireText, wrongType } from '../fields.js'
import { isReasoning, reasoningTokensOf } from '../reasoning.js'
import { callsMaxOf, namesAllowed, noTools, type Offer, readTools } from '../tools.js'
import { conversationOf } from './conversation.js'
import { type ReadItem, readItem, readText } from './items.js'
import { notKeptError } from './pairing.js'
import type { ResponseStore } from './store.js'

/** What a request asks of an answer beside its words. */
export interface Wishes {
  /** Fields that the answer repeats. */
  readonly echo: Anything
  readonly offer: Offer
  readonly reasons: boolean
  /** A summary of the thoughts, and what they are encrypted. */
  readonly summarises: boolean
  readonly encrypts: boolean
}

/** A request that was read, but for how its items go together. */
export interface ResponsesRequest {
  readonly query: ModelQuery
  /** All of the conversation, and those that the request adds. */
  readonly items: readonly ReadItem[]
  readonly added: readonly ReadItem[]
  readonly previous: string | null
  /** The conversation that it is in, where the endpoint keeps one. */
  readonly conversation: string | null
  readonly stores: boolean
  readonly inputTokens: number
  readonly reasoningTokens: number
  readonly callsMax: number
  readonly wishes: Wishes
}

export const api = 'responses'

/** `parse` may know the body in part already. Throws `Refused`. */
export function parseRequest(
  request: WireRequest,
  store: ResponseStore,
  parse: (text: string) => unknown,
): ResponsesRequest {
  authenticate(request)
  const body = parseBody(request.body, parse)
  const model = modelOf(body, request.url)
  const stores = body.store !== false
  const added = readInput(body).map((item) => resolve(item, store, stores))
  const offer = body.tools === undefined || body.tools === null ? noTools : readTools(body.tools, 'flat')
  checkSettings(body, model, request.url)
  const { previous, kept } = keptIn(body)
  const before =
    kept === null ? (previous === null ? [] : store.itemsUpTo(previous)) : store.conversations.itemsOf(kept)
  const items = [...before.map((item) => readItem(item, 'input')), ...added]
  const instructions = typeof body.instructions === 'string' ? body.instructions : ''
  const reasoningTokens = reasoningTokensOf(model, reasoningIn(body).effort)
  const conversation = { model, ...conversationOf(items, instructions), tools: namesAllowed(offer, body.tool_choice) }
  return {
    query: {
      api,
      conversation,
      stream: body.stream === true,
      tools: (body.tools ?? []) as Json,
      settings: settingsIn(body),
    },
    items,
    added,
    previous,
    conversation: kept,
    stores,
    inputTokens: Math.ceil((charactersOf(items) + instructions.length + offer.characters) / 4),
    reasoningTokens,
    callsMax: callsMaxOf(body),
    wishes: wishesIn(body, offer, reasoningTokens > 0),
  }
}

/** All but what names the conversation, or differs when it is sent again. */
function settingsIn(body: Anything): Json {
  const {
    model: _model,
    input: _input,
    instructions: _instructions,
    previous_response_id: _previous,
    conversation: _kept,
    tools: _tools,
    stream: _stream,
    stream_options: _streamed,
    ...settings
  } = body
  return settings as Readonly<Record<string, Json>>
}

function wishesIn(body: Anything, offer: Offer, reasons: boolean): Wishes {
  const { summary, generate_summary: older } = reasoningIn(body)
  const include: readonly unknown[] = Array.isArray(body.include) ? body.include : []
  return {
    echo: body,
    offer,
    reasons,
    summarises: typeof (summary ?? older) === 'string',
    encrypts: include.includes('reasoning.encrypted_content'),
  }
}

function reasoningIn({ reasoning }: Anything): Anything {
  return isRecord(reasoning) ? reasoning : {}
}

function modelOf(body: Anything, url: string): string {
  const model = requireText(body, 'model')
  if (isThere(model, url)) return model
  const message = `The requested model '${model}' does not exist.`
  throw invalid(message, { param: 'model', code: 'model_not_found', reason: 'unknown-model' })
}

function readInput(body: Anything): readonly ReadItem[] {
  const { input } = body
  if (input === undefined) throw missing('input')
  const { previous_response_id: previous, prompt, conversation } = body
  const goesOn = [previous, prompt, conversation].some((field) => field !== undefined && field !== null)
  if ((input === '' || (Array.isArray(input) && input.length === 0)) && !goesOn) {
    const message = `One of "input" or "previous_response_id" or 'prompt' or 'conversation' must be provided.`
    throw invalid(message, { code: 'missing_required_parameter', reason: 'empty-content' })
  }
  if (typeof input === 'string') return input === '' ? [] : [readText(input)]
  if (!Array.isArray(input)) throw wrongType('input', 'a string', input ?? {})
  return input.map((item: unknown, index) => readItem(item, `input[${index}]`))
}

/** What a reference stands for. */
function resolve(item: ReadItem, store: ResponseStore, stores: boolean): ReadItem {
  if (item.type !== 'item_reference') return item
  const id = item.id ?? ''
  const kept = store.item(id)
  if (!kept) throw notKeptError(id, stores)
  return readItem(kept.item, 'input')
}

/** What it goes on from: a response, or a conversation, which is named by its id or as an object with it. */
function keptIn({ previous_response_id: previous, conversation }: Anything): {
  readonly previous: string | null
  readonly kept: string | null
} {
  if (conversation === undefined || conversation === null) {
    return { previous: typeof previous === 'string' ? previous : null, kept: null }
  }
  const kept = isRecord(conversation) ? requireText(conversation, 'id', 'conversation.id') : conversation
  if (typeof kept !== 'string') throw wrongType('conversation', 'one of a string or object', conversation)
  if (typeof previous !== 'string') return { previous: null, kept }
  const message =
    "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'."
  throw invalid(message, { code: 'mutually_exclusive_parameters' })
}

function checkSettings(body: Anything, model: string, url: string): void {
  if (body.messages !== undefined) {
    const message = "Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'."
    throw invalid(message, { code: 'unsupported_parameter' })
  }
  checkTypes(body, {
    previous_response_id: 'a string',
    metadata: 'an object',
    text: 'an object',
    temperature: 'a number',
    top_p: 'a number',
    parallel_tool_calls: 'a boolean',
    stream: 'a boolean',
    background: 'a boolean',
    max_output_tokens: 'an integer',
    max_tool_calls: 'an integer',
    reasoning: 'an object',
    instructions: 'a string',
    store: 'a boolean',
  })
  checkLeast(body, 'max_tool_calls', 1)
  if (!isVendors(url)) return
  checkLeast(body, 'max_output_tokens', 16)
  const { effort } = reasoningIn(body)
  if (typeof effort === 'string' && !isReasoning(model)) {
    const message = "Unsupported parameter: 'reasoning.effort' is not supported with this model."
    throw invalid(message, { param: 'reasoning.effort', code: 'unsupported_parameter' })
  }
}

function charactersOf(items: readonly ReadItem[]): number {
  return items.reduce((sum, { characters }) => sum + characters, 0)
}

/** Refuses what is more than the model takes in at once. */
export function checkWindow({ query, inputTokens }: ResponsesRequest): void {
  const window = contextWindowOf(query.conversation.model)
  if (window === undefined || inputTokens <= window) return
  const message = 'Your input exceeds the context window of this model. Please adjust your input and try again.'
  throw invalid(message, { param: 'input', code: 'context_length_exceeded', reason: 'too-long' })
}
