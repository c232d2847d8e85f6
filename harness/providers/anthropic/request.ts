/**
 * Reads a request to `/v1/messages` as the real API does, once, and refuses what it refuses, in its words. What a thread
 * already holds is put before what the request adds.
 */
import type { Json } from '../../../faults/json.js'
import type { WireRequest } from '../../contracts/provider.js'
import type { GrowingBodies } from '../growing-bodies.js'
import { Refused } from '../refused.js'
import { invalid, type RequestError } from './error.js'
import { uncheckedIn } from './inputs.js'
import { type Fields, isFields, readMessages, textOf } from './messages.js'
import type { MessagesRequest, ThreadField } from './messages-request.js'
import { readThinking, type Thinking } from './thinking.js'
import type { Kept, Threads } from './threads.js'

/** What earlier requests left behind. */
export interface Known {
  readonly threads: Threads
  readonly bodies: GrowingBodies
}

/** `count`: of tokens alone, for which nobody says how many are to come out. */
export type Purpose = 'answer' | 'count'

/** Throws `Refused`, with the real API's status, type and message. How calls and results go together is not looked at yet. */
export function parseRequest(
  request: WireRequest,
  { threads, bodies }: Known,
  purpose: Purpose = 'answer',
): MessagesRequest {
  authenticate(request)
  const body = parseBody(request.body, bodies)
  const model = requireField(body, 'model')
  if (typeof model !== 'string') throw invalid('model: Input should be a valid string')
  if (purpose === 'answer') checkMaxTokens(requireField(body, 'max_tokens'))
  const list = requireField(body, 'messages')
  if (!Array.isArray(list)) throw invalid('messages: Input should be a valid list')
  const thinking = readThinking(body)
  const thread = threadField(body.thread, request)
  if (thread) checkThreaded(body, thinking)
  const start = thread?.kind === 'continue' ? continueThread(body, thread, request, threads) : startThread(body)
  const history = readMessages(list, start.conversation.messages)
  const tools = withChanges(start.conversation.tools, history.added, history.removed)
  const choice = isFields(body.tool_choice) ? body.tool_choice : {}
  const { system } = start.conversation
  const { model: _model, system: _system, messages: _list, tools: _tools, stream, thread: _thread, ...settings } = body
  return {
    conversation: { model, system, messages: history.messages, tools: choice.type === 'none' ? [] : tools },
    stream: stream === true,
    characters: start.characters + history.characters,
    callsMax: choice.disable_parallel_tool_use === true ? 1 : Number.POSITIVE_INFINITY,
    unchecked: uncheckedIn(start.definitions, request),
    body: request.body,
    sent: list,
    thread,
    tools,
    definitions: start.definitions,
    instructions: [...start.instructions, ...history.instructions],
    settings: settings as Readonly<Record<string, Json>>,
    thinking,
  }
}

function authenticate(request: WireRequest): void {
  if (!request.header('x-api-key') && !request.header('authorization')) {
    const message = 'x-api-key header is required'
    throw new Refused<RequestError>({ status: 401, type: 'authentication_error', message, reason: 'unauthenticated' })
  }
  const version = request.header('anthropic-version')
  if (!version) throw invalid('anthropic-version: header is required', 'missing-field')
  if (!versions.has(version)) throw invalid(`anthropic-version: "${version}" is not a valid version`)
}

const versions = new Set(['2023-01-01', '2023-06-01', '2026-10-21'])

function parseBody(text: string, bodies: GrowingBodies): Fields {
  let value: unknown
  try {
    value = bodies.parse(text)
  } catch {
    // The parser's own words differ between versions of Node.
    throw invalid('The request body is not valid JSON.', 'not-json')
  }
  if (!isFields(value)) throw invalid('Input should be a valid dictionary')
  return value
}

function requireField(body: Fields, name: string): unknown {
  const value = body[name]
  if (value === undefined) throw invalid(`${name}: Field required`, 'missing-field')
  return value
}

function checkMaxTokens(value: unknown): void {
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw invalid('max_tokens: Input should be a valid integer')
  if (value < 1) throw invalid('max_tokens: Input should be greater than or equal to 1')
}

function threadField(value: unknown, request: WireRequest): ThreadField | undefined {
  if (value === undefined || value === null) return undefined
  if (!request.header('anthropic-beta')?.includes('message-threads')) {
    throw invalid('thread: Extra inputs are not permitted')
  }
  if (isFields(value) && value.type === 'create') return { kind: 'create' }
  if (isFields(value) && value.type === 'continue' && typeof value.previous_message_id === 'string') {
    return { kind: 'continue', previousMessageId: value.previous_message_id }
  }
  throw invalid("thread: Input should be {'type': 'create'} or {'type': 'continue', 'previous_message_id': ...}")
}

/** Fields that go with no thread. */
function checkThreaded(body: Fields, { mode }: Thinking): void {
  const unsupported = ['cache_control', 'context_management', 'fallbacks'].filter((field) => body[field] != null)
  if (mode !== 'off') unsupported.push('thinking')
  if (unsupported.length === 0) return
  throw new Refused<RequestError>({
    status: 400,
    type: 'invalid_request_error',
    message: `thread: cannot be combined with ${unsupported.join(', ')}`,
    reason: 'malformed',
    errorCode: 'thread_unsupported_request',
    unsupported,
  })
}

/** What a request says by itself. */
function startThread(body: Fields): Kept {
  const system = textOf(body.system)
  const { names, characters } = body.tools === undefined ? noTools : readTools(body.tools)
  const conversation = { model: '', system, messages: [], tools: names }
  return {
    conversation,
    characters: system.length + characters,
    definitions: (body.tools ?? noTools.names) as Json,
    instructions: [],
  }
}

/** What the thread holds. It keeps the `system` and `tools` that it was created with. */
function continueThread(
  body: Fields,
  { previousMessageId }: Extract<ThreadField, { kind: 'continue' }>,
  request: WireRequest,
  threads: Threads,
): Kept {
  const kept = threads.find(previousMessageId, request.body)
  for (const field of ['system', 'tools']) {
    if (body[field] === undefined) continue
    throw invalid(`${field}: cannot be set when a Thread is continued`, 'thread-changed', 'thread_fingerprint_mismatch')
  }
  return kept
}

interface Offer {
  readonly names: readonly string[]
  readonly characters: number
}

const noTools: Offer = { names: [], characters: 0 }
/** Of lists that were read before: the requests of a conversation share one. */
const offers = new WeakMap<object, Offer>()

function readTools(value: unknown): Offer {
  if (!Array.isArray(value)) throw invalid('tools: Input should be a valid list')
  const known = offers.get(value)
  if (known) return known
  const names: string[] = []
  for (const tool of value) if (isFields(tool) && typeof tool.name === 'string') names.push(tool.name)
  if (new Set(names).size < names.length) throw invalid('tools: Tool names must be unique.', 'repeated-tool-name')
  const offer = { names, characters: names.length === 0 ? 0 : JSON.stringify(value).length }
  offers.set(value, offer)
  return offer
}

function withChanges(
  tools: readonly string[],
  added: readonly string[],
  removed: readonly string[],
): readonly string[] {
  if (added.length === 0 && removed.length === 0) return tools
  return [...new Set([...tools, ...added])].filter((name) => !removed.includes(name))
}
