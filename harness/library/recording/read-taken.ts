/** From what passed over the wires to a recording: pure, and free of any vendor's wire. */
import type { Json } from '../../../faults/json.js'
import { dataIn } from '../../boundaries/http/request.js'
import {
  type Conversation,
  type Message,
  type Reply,
  type StopReason,
  stopReasons,
} from '../../contracts/conversation.js'
import { UserError } from '../../contracts/errors.js'
import { depthMost, isDeeper } from '../../contracts/json-text.js'
import type { ModelCall, Provider, ProviderSession, Refusal } from '../../contracts/provider.js'
import { comparable, differenceOf } from '../../contracts/recorded-likeness.js'
import {
  type RecordedAnswer,
  type RecordedIds,
  type RecordedQuestion,
  type RecordedRequest,
  type Recording,
  recordingVersion,
} from '../../contracts/recording.js'
import { type BaseURLs, type RouteTaken, routeOf } from '../../contracts/routes.js'
import { Refused, type RequestRefused } from '../../providers/refused.js'
import { unroutedBy } from '../../providers/strays.js'
import type { Taken } from './take.js'

/** `bases` are where the agent's clients find the vendors. Throws a `UserError` for what no recording can hold. */
export function readTaken(taken: readonly Taken[], providers: readonly Provider[], bases: BaseURLs): Recording {
  const reader = new Reader(providers, bases)
  for (const one of taken) reader.read(one)
  const questions = nameCalls(reader.questions)
  const { conversations, requests } = reader
  if (isDeeper([questions, requests], depthMost)) {
    throw new UserError(`record: what was asked and answered is nested more than ${depthMost} deep`)
  }
  return {
    agentChaosRecording: recordingVersion,
    ...(conversations.length > 0 && { conversations }),
    questions,
    requests,
  }
}

class Reader {
  readonly questions: RecordedQuestion[] = []
  readonly requests: RecordedRequest[] = []
  /** Ids of those that a vendor keeps. */
  readonly conversations: string[] = []
  readonly #conversations: Conversation[] = []
  readonly #sessions = new Map<string, ProviderSession>()
  readonly #providers: readonly Provider[]
  readonly #bases: BaseURLs

  constructor(providers: readonly Provider[], bases: BaseURLs) {
    this.#providers = providers
    this.#bases = bases
  }

  read(taken: Taken): void {
    const { method, url } = taken.request
    const route = routeOf(this.#providers, this.#bases, method, url)
    if (!route) this.requests.push(this.#request(taken))
    // An error of a model's is tried again.
    else if (taken.answer.status < 400) this.#ask(taken, route)
  }

  #request(taken: Taken): RecordedRequest {
    const { method, url } = taken.request
    const { origin, pathname } = new URL(url)
    const isVendors = this.#providers.some(({ origins }) => origins.includes(origin))
    if (!isVendors) return requestOf(taken)
    const why = unroutedBy(this.#providers).why(`${origin}${pathname}`)
    throw new UserError(`${method} ${origin}${pathname} cannot be recorded, for a trial would refuse it: ${why}`)
  }

  /** A utility that shares nothing answers by the request alone. */
  #ask(taken: Taken, route: RouteTaken): void {
    const { utility, provider } = route
    try {
      if (!utility) this.#question(taken, route)
      else if (utility.shares !== undefined) this.#learn(taken, { ...route, api: utility.shares })
    } catch (thrown) {
      const refused = Refused.in(thrown)
      throw refused ? unreadable(taken.request.url, provider.name, refused) : thrown
    }
  }

  #learn({ request, answer }: Taken, route: RouteTaken): void {
    const made = readAnswer(request.url, route, () => this.#session(route).learn?.(request, answer.body.text))
    if (made !== undefined) this.conversations.push(made)
  }

  #question({ request, answer }: Taken, route: RouteTaken): void {
    const session = this.#session(route)
    const read = session.read(request)
    const call = callIn(read)
    if (!call) throw unreadable(request.url, route.provider.name, read as Refusal)
    const { conversation } = call
    const { since, before } = this.#nearest(conversation)
    const { model, system, tools, messages } = conversation
    this.#conversations.push(conversation)
    const text = plainStream(answer.body.text)
    const { reply, ids } = readAnswer(request.url, route, () => {
      const reply = replyIn(text, call, session, route)
      return { reply, ids: idsIn(reply, session.learn?.(request, text)) }
    })
    const asked = { model, system, tools, since, before, messages: messages.slice(before) }
    this.questions.push({ ...asked, reply, ...(ids && { ids }) })
  }

  #session({ provider, api }: RouteTaken): ProviderSession {
    const key = `${provider.name}/${api}`
    const session = this.#sessions.get(key) ?? provider.apis[api]?.open()
    if (!session) throw new Error(`the provider ${provider.name} has no API ${api}`)
    this.#sessions.set(key, session)
    return session
  }

  /** The last question with all of whose messages this one begins. */
  #nearest({ messages }: Conversation): Pick<RecordedQuestion, 'since' | 'before'> {
    const since = this.#conversations.findLastIndex((known) => beginsWith(messages, known.messages))
    return since < 0 ? { since: null, before: 0 } : { since, before: this.#conversations[since]?.messages.length ?? 0 }
  }
}

/**
 * What the vendor took is a question, also where it holds what a session of ours cannot check, such as thoughts that are
 * sealed. `undefined` where it cannot be read.
 */
function callIn(read: ModelCall | Refusal): ModelCall | undefined {
  if (read.kind === 'call') return read
  return read.query && { kind: 'call', ...read.query, inputTokens: 0 }
}

/** Calls that the wire gave no id have the one under which they were handed back. */
function nameCalls(questions: readonly RecordedQuestion[]): readonly RecordedQuestion[] {
  return questions.map((question, number) => {
    const next = questions.find(({ since }) => since === number)
    const handed = next?.messages[0]?.blocks.filter((block) => block.kind === 'tool-call') ?? []
    let place = 0
    const blocks = question.reply.blocks.map((block) => {
      if (block.kind === 'text') return block
      const same = handed[place++]
      const id = same?.name === block.name ? same.id : `call-${number}-${place}`
      return block.id === '' ? { ...block, id } : block
    })
    return { ...question, reply: { ...question.reply, blocks } }
  })
}

function beginsWith(messages: readonly Message[], beginning: readonly Message[]): boolean {
  if (beginning.length >= messages.length) return false
  const parts = [messages.slice(0, beginning.length), beginning].map((part) =>
    comparable({ model: '', system: '', tools: [], messages: part }),
  )
  return differenceOf(parts[0], parts[1]) === undefined
}

/** A stream counts by its content, however its lines end. */
function plainStream(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/^data:(?! )/gm, 'data: ')
}

function unreadable(url: string, provider: string, { message, reason }: RequestRefused): UserError {
  const isKept = reason === 'unknown-item' || reason === 'unknown-thread'
  const advice = isKept
    ? ` Only ${provider} knows what was said there before: let the agent begin the conversation in the run, or send all that was said.`
    : ''
  return new UserError(`a request to ${provider} cannot be recorded: ${message}${advice} (${url})`)
}

/** What stands between an agent and a vendor may answer in the vendor's place: a gateway's page, or half an answer. */
function readAnswer<Read>(url: string, { provider }: RouteTaken, read: () => Read): Read {
  try {
    return read()
  } catch (error) {
    const isUnreadable = [SyntaxError, TypeError, RangeError].some((kind) => error instanceof kind)
    if (Refused.in(error) || !isUnreadable) throw error
    const why = `expected what its API answers, got what cannot be read as that (${(error as Error).message})`
    throw new UserError(`an answer of ${provider.name} cannot be recorded: ${why}`, url)
  }
}

/** `answer` is under which id the vendor keeps it. */
function idsIn({ blocks }: RecordedQuestion['reply'], answer: string | undefined): RecordedIds | undefined {
  const calls = blocks.flatMap((block) => (block.kind === 'tool-call' && block.id !== '' ? [block.id] : []))
  if (answer === undefined && calls.length === 0) return undefined
  return { ...(answer !== undefined && { answer }), ...(calls.length > 0 && { calls }) }
}

/** What came of the answer, read as a client reads it. */
function replyIn(
  text: string,
  call: ModelCall,
  session: ProviderSession,
  route: RouteTaken,
): RecordedQuestion['reply'] {
  const arrived = session.arrived(call, text)
  const said = arrived.text === '' ? [] : [{ kind: 'text' as const, text: arrived.text }]
  const blocks: Reply['blocks'] = [...said, ...arrived.toolCalls.map((use) => ({ kind: 'tool-call' as const, ...use }))]
  return { blocks, stop: stopIn(text, blocks, route) }
}

/** Each wire names it by another word, in a field that ends in "reason". */
function stopIn(text: string, blocks: Reply['blocks'], { provider, api }: RouteTaken): StopReason {
  const words = provider.apis[api]?.stops
  const usual = blocks.some(({ kind }) => kind === 'tool-call') ? 'tool-use' : 'end-turn'
  const said = [...text.matchAll(/"\w*reason"\s*:\s*"([\w-]+)"/gi)].at(-1)?.[1]
  const unusual = stopReasons.find((stop) => words?.[stop] === said && words?.[stop] !== words?.[usual])
  return said === undefined || unusual === 'end-turn' || unusual === 'tool-use' ? usual : (unusual ?? usual)
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

function requestOf({ request, answer }: Taken): RecordedRequest {
  const { method, url, body } = request
  return {
    method,
    url,
    ...(body !== '' && { body: dataIn(body, request.header('content-type') ?? '') as Json }),
    ...(request.header('idempotency-key') !== null && { keyed: true as const }),
    changes: !safe.has(method) && answer.status < 400,
    answer: answerOf(answer),
  }
}

/** Those that say what the answer is, and none that says who asked. */
const kept = ['content-type', 'location', 'etag', 'last-modified', 'link', 'retry-after']

function answerOf({ status, headers, body }: Taken['answer']): RecordedAnswer {
  const own = Object.entries(headers).filter(([name]) => kept.includes(name))
  const head = { status, ...(own.length > 0 && { headers: Object.fromEntries(own) }) }
  if (body.text === '') return head
  if (body.encoding) return { ...head, body: body.text, encoding: body.encoding }
  const type = headers['content-type'] ?? ''
  const data = dataIn(body.text, type) as Json
  return /[/+]json\b/.test(type) && data !== body.text ? { ...head, json: data } : { ...head, body: body.text }
}
