/** One trial's endpoint: it reads requests, keeps message threads, and numbers its answers, so that ids never vary. */
import type { ModelFailureCode } from '../../../faults/action.js'
import type { Json } from '../../../faults/json.js'
import type { Reply, Usage } from '../../contracts/conversation.js'
import type { Arrived } from '../../contracts/failure.js'
import type {
  ModelCall,
  ModelQuery,
  ProviderSession,
  Refusal,
  WireAnswer,
  WireRequest,
} from '../../contracts/provider.js'
import { GrowingBodies } from '../growing-bodies.js'
import { modelNamed, Refused } from '../refused.js'
import { jsonAnswer, pingEvent, streamAnswer } from './answer.js'
import { arrivedOfJson, arrivedOfStream } from './arrived.js'
import { errorAnswer, errorEvent, failureAnswer, type RequestError } from './error.js'
import { lackOf } from './inputs.js'
import { inputTokensOf, type MessagesRequest } from './messages-request.js'
import { Pairing } from './pairing.js'
import { parseRequest } from './request.js'
import { serverToolIn } from './server-tools.js'
import { checkThoughts, reasoningTokensOf, thoughtsOf } from './thinking.js'
import { Threads } from './threads.js'

interface Memory {
  readonly threads: Json
  readonly messages: number
  readonly requests: number
}

/** A session without threads yet, its counters at nought; or one that remembers what an earlier one's snapshot holds. */
export function openSession(memory?: Json): ProviderSession {
  return new AnthropicSession(memory as unknown as Memory | undefined)
}

class AnthropicSession implements ProviderSession {
  readonly #threads: Threads
  readonly #bodies = new GrowingBodies('messages')
  readonly #pairing = new Pairing()
  readonly #parsed = new WeakMap<ModelCall, MessagesRequest>()
  #messages: number
  #requests: number

  constructor({ threads = [], messages = 0, requests = 0 }: Partial<Memory> = {}) {
    this.#threads = new Threads(threads)
    this.#messages = messages
    this.#requests = requests
  }

  snapshot(): Json {
    return { threads: this.#threads.snapshot(), messages: this.#messages, requests: this.#requests }
  }

  read(request: WireRequest): ModelCall | Refusal {
    let parsed: MessagesRequest | undefined
    try {
      parsed = parseRequest(request, { threads: this.#threads, bodies: this.#bodies })
      checkThoughts(parsed.sent, parsed.thinking)
      this.#pairing.check(parsed.conversation.messages)
      const tokens = { inputTokens: inputTokensOf(parsed), reasoningTokens: reasoningTokensOf(parsed.thinking) }
      const { callsMax, unchecked, stream } = parsed
      const lack = lackOf(stream, unchecked)
      const call: ModelCall = {
        kind: 'call',
        ...queryOf(parsed),
        ...tokens,
        callsMax,
        looseInputs: unchecked,
        ...(lack !== undefined && { lacks: { 'loose-input': lack } }),
      }
      this.#parsed.set(call, parsed)
      return call
    } catch (thrown) {
      const error = Refused.in<RequestError>(thrown)
      if (!error) throw thrown
      const { status, message, reason } = error
      return {
        kind: 'refusal',
        answer: errorAnswer(error, this.#requestId()),
        api,
        model: modelNamed(request.body),
        status,
        message,
        reason,
        ...(parsed && { query: queryOf(parsed) }),
      }
    }
  }

  write(call: ModelCall, reply: Reply, usage: Usage): WireAnswer {
    const request = this.#parsed.get(call)
    const messageId = this.#messageIdOf(reply, ++this.#messages)
    if (request?.thread) this.#threads.keep(messageId, request, reply)
    const facts = {
      messageId,
      requestId: this.#requestId(),
      model: call.conversation.model,
      reply,
      usage,
      thoughts: request && thoughtsOf(reply, request.thinking),
      serverTool: serverToolIn(call.tools),
      unchecked: request?.unchecked ?? [],
    }
    return call.stream ? streamAnswer(facts) : jsonAnswer(facts)
  }

  learn(request: WireRequest, answer: string): string | undefined {
    const parsed = parseRequest(request, { threads: this.#threads, bodies: this.#bodies })
    const messageId = /"id"\s*:\s*"(msg_\w+)"/.exec(answer)?.[1]
    if (!parsed.thread || messageId === undefined) return undefined
    const { text, toolCalls } = parsed.stream ? arrivedOfStream(answer) : arrivedOfJson(answer)
    const calls = toolCalls.map((use) => ({ kind: 'tool-call' as const, ...use }))
    const blocks = [...(text === '' ? [] : [{ kind: 'text' as const, text }]), ...calls]
    this.#threads.keep(messageId, parsed, { blocks, stop: calls.length > 0 ? 'tool-use' : 'end-turn' })
    return messageId
  }

  /** A vendor gives no id twice. */
  #messageIdOf({ ids }: Reply, number: number): string {
    const given = ids?.answer
    return given === undefined || this.#threads.has(given) ? id('msg_01', number) : given
  }

  fail(code: ModelFailureCode, details?: Parameters<ProviderSession['fail']>[1]): WireAnswer {
    return failureAnswer(code, this.#requestId(), details)
  }

  /** Carries the id of the last answer, which is the stream that it breaks off. */
  failInStream(code: ModelFailureCode): string {
    return errorEvent(code, id('req_01', this.#requests))
  }

  arrived({ stream }: ModelCall, bytes: string): Arrived {
    return stream ? arrivedOfStream(bytes) : arrivedOfJson(bytes)
  }

  ping(): string {
    return pingEvent
  }

  #requestId(): string {
    return id('req_01', ++this.#requests)
  }
}

const api = 'messages'

function queryOf({ conversation, stream, definitions, instructions, settings }: MessagesRequest): ModelQuery {
  const all = instructions.length === 0 ? settings : { ...settings, instructions }
  return { api, conversation, stream, tools: definitions, settings: all }
}

function id(prefix: string, number: number): string {
  return prefix + number.toString(36).padStart(22, '0')
}
