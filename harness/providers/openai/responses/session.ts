/** One trial's endpoint of Responses: it reads requests, keeps what may be gone on from, and numbers its answers. */
import type { ModelFailureCode } from '../../../../faults/action.js'
import type { Json } from '../../../../faults/json.js'
import type { Reply, Usage } from '../../../contracts/conversation.js'
import type { Arrived } from '../../../contracts/failure.js'
import { parseShallow } from '../../../contracts/json-text.js'
import type {
  FailureDetails,
  ModelCall,
  ProviderSession,
  Refusal,
  WireAnswer,
  WireRequest,
} from '../../../contracts/provider.js'
import { GrowingBodies } from '../../growing-bodies.js'
import { errorOf, failureAnswer } from '../error.js'
import { numberedId, requestIdOf, secondOf } from '../ids.js'
import { PromptCache } from '../prompt-cache.js'
import { refusalOf } from '../refusal.js'
import { functionsIn, noTools } from '../tools.js'
import { jsonAnswer, keepAlive, type ResponseFacts, streamAnswer, streamFailure } from './answer.js'
import { arrivedOfJson, arrivedOfStream } from './arrived.js'
import { placeOf, serveConversations } from './conversations-api.js'
import { learnConversation, responseIn } from './learnt.js'
import { outputOf } from './output.js'
import { checkPairing } from './pairing.js'
import { api, checkWindow, parseRequest, type ResponsesRequest } from './request.js'
import { ResponseStore } from './store.js'

interface Memory {
  readonly answers: number
  readonly requests: number
  readonly kept: Json
}

/** A session that keeps nothing yet, its counters at nought; or one that goes on from what an earlier one's snapshot holds. */
export function openSession(memory?: Json): ProviderSession {
  return new ResponsesSession(memory as unknown as Memory | undefined)
}

/** Of a call that no request was read for. */
const nothingAsked = {
  items: [],
  added: [],
  previous: null,
  conversation: null,
  stores: false,
  wishes: { echo: {}, offer: noTools, reasons: false, summarises: false, encrypts: false },
} satisfies Partial<ResponsesRequest>

class ResponsesSession implements ProviderSession {
  readonly #bodies = new GrowingBodies('input')
  readonly #asked = new WeakMap<ModelCall, ResponsesRequest>()
  readonly #store: ResponseStore
  readonly #cache = new PromptCache()
  #answers: number
  #requests: number
  /** The latest answer, which is the stream that an error breaks off. */
  #latest: ResponseFacts | undefined

  constructor({ answers = 0, requests = 0, kept = {} }: Partial<Memory> = {}) {
    this.#store = new ResponseStore(kept)
    this.#answers = answers
    this.#requests = requests
  }

  snapshot(): Json {
    return { answers: this.#answers, requests: this.#requests, kept: this.#store.snapshot() }
  }

  read(request: WireRequest): ModelCall | Refusal {
    let parsed: ResponsesRequest | undefined
    try {
      parsed = parseRequest(request, this.#store, (text) => this.#bodies.parse(text))
      const { items, added, stores, query, inputTokens, reasoningTokens, callsMax, wishes } = parsed
      checkPairing(items, { added: added.length, store: this.#store, stored: stores })
      checkWindow(parsed)
      const cachedInputTokens = this.#cache.count(items)
      const tokens = { inputTokens, cachedInputTokens, reasoningTokens }
      const call: ModelCall = { kind: 'call', ...query, ...tokens, callsMax, looseInputs: functionsIn(wishes.offer) }
      this.#asked.set(call, parsed)
      return call
    } catch (thrown) {
      return refusalOf(thrown, request, { api, query: parsed?.query, requestId: () => this.#requestId() })
    }
  }

  write(call: ModelCall, reply: Reply, usage: Usage): WireAnswer {
    const { items, added, previous, conversation, stores, wishes } = this.#asked.get(call) ?? nothingAsked
    this.#cache.add(items, call.inputTokens)
    const number = ++this.#answers
    const responseId = this.#idOf(reply, number)
    const output = outputOf(reply, number, wishes)
    const kept = { input: added.map(({ item }) => item), output: output.map(({ item }) => item) }
    this.#store.keep(responseId, { previous, ...kept, stores, conversation })
    this.#latest = {
      responseId,
      requestId: this.#requestId(),
      created: secondOf(number),
      model: call.conversation.model,
      stop: reply.stop,
      output,
      usage,
      previous,
      conversation,
      stores,
      wishes,
    }
    return call.stream ? streamAnswer(this.#latest) : jsonAnswer(this.#latest)
  }

  learn(request: WireRequest, answer: string): string | undefined {
    if (placeOf(request.url)) return learnConversation(request, answer, this.#store.conversations)
    const response = responseIn(answer)
    if (!response) return undefined
    const { added, previous, conversation, stores } = parseRequest(request, this.#store, parseShallow)
    const input = added.map(({ item }) => item)
    this.#store.keep(response.id, { previous, input, output: response.output, stores, conversation })
    return stores ? response.id : undefined
  }

  serve(request: WireRequest, ids: readonly string[]): WireAnswer {
    return serveConversations(request, this.#store.conversations, { ids, requestId: this.#requestId() })
  }

  /** A vendor gives no id twice. */
  #idOf({ ids }: Reply, number: number): string {
    const given = ids?.answer
    return given === undefined || this.#store.has(given) ? numberedId('resp_', number, 48) : given
  }

  fail(code: ModelFailureCode, details?: FailureDetails): WireAnswer {
    return failureAnswer(code, this.#requestId(), details)
  }

  failInStream(code: ModelFailureCode, sent = ''): string {
    if (this.#latest) this.#store.drop(this.#latest.responseId)
    return streamFailure(errorOf(code), this.#latest, sent)
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
