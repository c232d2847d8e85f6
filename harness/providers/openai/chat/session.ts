/** One trial's endpoint of Chat Completions: it reads requests and numbers its answers, so that ids never vary. */
import type { ModelFailureCode } from '../../../../faults/action.js'
import type { Json } from '../../../../faults/json.js'
import type { Reply, Usage } from '../../../contracts/conversation.js'
import type { Arrived } from '../../../contracts/failure.js'
import type {
  FailureDetails,
  ModelCall,
  ProviderSession,
  Refusal,
  WireAnswer,
  WireRequest,
} from '../../../contracts/provider.js'
import { GrowingBodies } from '../../growing-bodies.js'
import { bodyOf, errorOf, failureAnswer } from '../error.js'
import { numberedId, requestIdOf, secondOf } from '../ids.js'
import { PromptCache } from '../prompt-cache.js'
import { refusalOf } from '../refusal.js'
import { functionsIn, noTools } from '../tools.js'
import { jsonAnswer, keepAlive, streamAnswer } from './answer.js'
import { arrivedOfJson, arrivedOfStream } from './arrived.js'
import { checkPairing } from './pairing.js'
import { api, type ChatRequest, checkWindow, parseRequest } from './request.js'

interface Memory {
  readonly answers: number
  readonly requests: number
}

/** A session with its counters at nought, or where an earlier one's snapshot left them. */
export function openSession(memory?: Json): ProviderSession {
  return new ChatSession(memory as unknown as Memory | undefined)
}

class ChatSession implements ProviderSession {
  readonly #bodies = new GrowingBodies('messages')
  readonly #asked = new WeakMap<ModelCall, ChatRequest>()
  readonly #cache = new PromptCache()
  #answers: number
  #requests: number

  constructor({ answers = 0, requests = 0 }: Partial<Memory> = {}) {
    this.#answers = answers
    this.#requests = requests
  }

  snapshot(): Json {
    return { answers: this.#answers, requests: this.#requests }
  }

  read(request: WireRequest): ModelCall | Refusal {
    let parsed: ChatRequest | undefined
    try {
      parsed = parseRequest(request, (text) => this.#bodies.parse(text))
      checkPairing(parsed.messages)
      checkWindow(parsed)
      const { query, inputTokens, reasoningTokens, callsMax, offer } = parsed
      const cachedInputTokens = this.#cache.count(parsed.messages)
      const tokens = { inputTokens, cachedInputTokens, reasoningTokens }
      const call: ModelCall = { kind: 'call', ...query, ...tokens, callsMax, looseInputs: functionsIn(offer) }
      this.#asked.set(call, parsed)
      return call
    } catch (thrown) {
      return refusalOf(thrown, request, { api, query: parsed?.query, requestId: () => this.#requestId() })
    }
  }

  write(call: ModelCall, reply: Reply, usage: Usage): WireAnswer {
    const number = ++this.#answers
    const { offer = noTools, includesUsage = false, messages = [] } = this.#asked.get(call) ?? {}
    this.#cache.add(messages, call.inputTokens)
    const facts = {
      completionId: numberedId('chatcmpl-', number, 29),
      requestId: this.#requestId(),
      created: secondOf(number),
      model: call.conversation.model,
      reply,
      usage,
      offer,
      includesUsage,
    }
    return call.stream ? streamAnswer(facts) : jsonAnswer(facts)
  }

  fail(code: ModelFailureCode, details?: FailureDetails): WireAnswer {
    return failureAnswer(code, this.#requestId(), details)
  }

  failInStream(code: ModelFailureCode): string {
    return `data: ${JSON.stringify({ error: bodyOf(errorOf(code)) })}\n\n`
  }

  arrived({ stream }: ModelCall, bytes: string): Arrived {
    return stream ? arrivedOfStream(bytes) : arrivedOfJson(bytes)
  }

  ping(): string {
    return keepAlive
  }

  #requestId(): string {
    return requestIdOf(++this.#requests)
  }
}
