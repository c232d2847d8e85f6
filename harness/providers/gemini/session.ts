/** One trial's endpoint: it reads requests, knows its calls again, and numbers its answers, so that ids never vary. */
import type { ModelFailureCode } from '../../../faults/action.js'
import type { Json } from '../../../faults/json.js'
import type { Message, Reply, Usage } from '../../contracts/conversation.js'
import type { Arrived } from '../../contracts/failure.js'
import type {
  FailureDetails,
  ModelCall,
  ModelQuery,
  ProviderSession,
  Refusal,
  WireAnswer,
  WireRequest,
} from '../../contracts/provider.js'
import { GrowingBodies } from '../growing-bodies.js'
import { Refused } from '../refused.js'
import { writeAnswer } from './answer.js'
import { arrivedOf } from './arrived.js'
import { type Asked, errorAnswer, errorEvent, type Form, failureAnswer, type GeminiRefusal } from './error.js'
import { formOf, type GenerateRequest, inputTokensOf, modelOf, parseRequest, reasoningTokensOf } from './request.js'
import { checkSignatures, looseMessages, readTurns, type Turns } from './turns.js'
import { UnnamedCalls } from './unnamed-calls.js'

interface Memory {
  readonly answers: number
  readonly unnamed: Json
}

/** A session that has answered nothing yet; or one that remembers what an earlier one's snapshot holds. */
export function openSession(memory?: Json): ProviderSession {
  return new GeminiSession(memory as unknown as Memory | undefined)
}

const api = 'generate-content'

interface AnsweredRequest extends GenerateRequest {
  readonly form: Form
  /** Tells its contents. */
  readonly digest: string
}

class GeminiSession implements ProviderSession {
  readonly #bodies = new GrowingBodies('contents')
  readonly #unnamed: UnnamedCalls
  readonly #requests = new WeakMap<ModelCall, AnsweredRequest>()
  /** The calls of the answers that were written. */
  readonly #calls = new WeakMap<ModelCall, readonly string[]>()
  /** What was asked last: an error comes in the form of the answer in whose place it is. */
  #asked: Asked = { form: 'json' }
  #answers: number

  constructor({ answers = 0, unnamed = [] }: Partial<Memory> = {}) {
    this.#answers = answers
    this.#unnamed = new UnnamedCalls(unnamed)
  }

  snapshot(): Json {
    return { answers: this.#answers, unnamed: this.#unnamed.snapshot() }
  }

  read(request: WireRequest): ModelCall | Refusal {
    const form = formOf(request.url)
    const model = modelOf(request.url)
    this.#asked = { form, model }
    let parsed: GenerateRequest | undefined
    let turns: Turns | undefined
    try {
      parsed = parseRequest(request, this.#bodies)
      turns = readTurns(parsed.contents, model, this.#unnamed)
      checkSignatures(parsed.contents, model)
      const { messages, digest } = turns
      const tokens = { inputTokens: inputTokensOf(parsed), reasoningTokens: reasoningTokensOf(parsed) }
      const call: ModelCall = { kind: 'call', ...queryOf(parsed, messages, form), ...tokens }
      this.#requests.set(call, { ...parsed, form, digest })
      return call
    } catch (thrown) {
      const error = Refused.in<GeminiRefusal>(thrown)
      if (!error) throw thrown
      const { status, message, reason } = error
      const query = parsed && { query: queryOf(parsed, turns?.messages ?? looseMessages(parsed.contents), form) }
      return { kind: 'refusal', api, model, status, message, reason, answer: errorAnswer(error, form), ...query }
    }
  }

  write(call: ModelCall, reply: Reply, usage: Usage): WireAnswer {
    const request = this.#requests.get(call)
    if (request) this.#unnamed.keep(request.digest, reply)
    const ids = reply.blocks.flatMap((block) => (block.kind === 'tool-call' ? [block.id] : []))
    this.#calls.set(call, ids)
    const { thinks = true, showsThoughts = false } = request ?? {}
    const responseId = responseIdOf(++this.#answers)
    const { model } = call.conversation
    return writeAnswer({ responseId, model, reply, usage, thinks, showsThoughts }, this.#formOf(call))
  }

  fail(code: ModelFailureCode, details?: FailureDetails): WireAnswer {
    return failureAnswer(code, this.#asked, details)
  }

  failInStream(code: ModelFailureCode, sent?: string): string {
    return errorEvent(code, this.#asked.form, sent === '')
  }

  /** Blank lines say nothing, in a stream of events and in JSON. */
  ping(): string {
    return '\r\n'
  }

  arrived(call: ModelCall, bytes: string): Arrived {
    return arrivedOf(bytes, this.#formOf(call), this.#calls.get(call) ?? [])
  }

  #formOf(call: ModelCall): Form {
    return this.#requests.get(call)?.form ?? this.#asked.form
  }
}

function queryOf(
  { asked, definitions, settings }: GenerateRequest,
  messages: readonly Message[],
  form: Form,
): ModelQuery {
  // The settings came out of JSON.parse.
  const fields = settings as unknown as Json
  return { api, conversation: { ...asked, messages }, stream: form !== 'json', tools: definitions, settings: fields }
}

function responseIdOf(number: number): string {
  return number.toString(36).padStart(22, 'a')
}
