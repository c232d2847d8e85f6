/**
 * What a real run of an agent has shown: what it asked its models and services, and what they answered. It is plain data, for
 * people read it and may edit it. A contract, because it is written by one run and answered from in many.
 */
import type { Json } from '../../faults/json.js'
import { isRecord } from './checks.js'
import type { Conversation, Message, Reply } from './conversation.js'
import { UserError } from './errors.js'

/** Of the form of these files: one that reads otherwise has another number. */
export const recordingVersion = 1

export interface Recording {
  readonly agentChaosRecording: typeof recordingVersion
  /** In the order in which they were answered. */
  readonly questions: readonly RecordedQuestion[]
  /** Ids of the conversations that a vendor keeps, in the order in which they were made. */
  readonly conversations?: readonly string[]
  /** In the order in which they were answered. */
  readonly requests: readonly RecordedRequest[]
}

/** A question to a model, free of any wire. */
export interface RecordedQuestion {
  readonly model: string
  readonly system: string
  /** Names of the tools on offer. */
  readonly tools: readonly string[]
  /** It begins with the first `before` messages of that question, by its number from 0; `null` where it shares none. */
  readonly since: number | null
  readonly before: number
  /** All messages behind these. */
  readonly messages: readonly Message[]
  readonly reply: Pick<Reply, 'blocks' | 'stop'>
  /** The vendor's own ids of the reply, which a trial gives again: services may be told of them. */
  readonly ids?: RecordedIds
}

export interface RecordedIds {
  /** Where the vendor keeps the answer, to be gone on from. */
  readonly answer?: string
  /** Of the calls in the reply, those that the wire named. */
  readonly calls?: readonly string[]
}

/** A request to a service. */
export interface RecordedRequest {
  readonly method: string
  readonly url: string
  /** JSON and forms as data, other text as it is. */
  readonly body?: Json
  /** It came with an idempotency key, which differs from run to run. */
  readonly keyed?: true
  /** Whether it changed something. By default each does that is no GET or HEAD, and was answered below 400. */
  readonly changes: boolean
  readonly answer: RecordedAnswer
}

export interface RecordedAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** One of the two, or neither. */
  readonly json?: Json
  readonly body?: string
  /** Each character of the body is a byte. */
  readonly encoding?: 'latin1'
}

/** Throws a `UserError` for a text that is no recording; `file` is where it stands. */
export function readRecording(text: string, file: string): Recording {
  const refuse = (rule: string): never => {
    throw new UserError(`expected a recording, as record() writes one: ${rule}`, file)
  }
  const data = parse(text, refuse)
  if (!isRecord(data) || data.agentChaosRecording === undefined) return refuse('an object with agentChaosRecording')
  if (data.agentChaosRecording !== recordingVersion) {
    return refuse(`agentChaosRecording: ${recordingVersion}, got ${JSON.stringify(data.agentChaosRecording)}`)
  }
  const { questions, requests, conversations = [] } = data
  if (!isTexts(conversations)) refuse('conversations: a list of ids')
  if (!Array.isArray(questions) || !Array.isArray(requests)) return refuse('lists of questions and requests')
  questions.forEach((one, index) => {
    if (!isQuestion(one, index)) refuse(`questions[${index}]: model, system, tools, since, before, messages and reply`)
  })
  requests.forEach((one, index) => {
    if (!isRequest(one)) refuse(`requests[${index}]: method, url, changes, and answer with a status`)
  })
  return data as unknown as Recording
}

function parse(text: string, refuse: (rule: string) => never): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return refuse(`JSON: ${(error as Error).message}`)
  }
}

function isQuestion(one: unknown, index: number): boolean {
  if (!isRecord(one) || !isRecord(one.reply) || !Array.isArray(one.reply.blocks)) return false
  const isSince = one.since === null || (typeof one.since === 'number' && one.since >= 0 && one.since < index)
  const isText = typeof one.model === 'string' && typeof one.system === 'string'
  return isSince && isText && typeof one.before === 'number' && Array.isArray(one.messages) && Array.isArray(one.tools)
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function isRequest(one: unknown): boolean {
  if (!isRecord(one) || !isRecord(one.answer) || typeof one.answer.status !== 'number') return false
  return (
    typeof one.method === 'string' &&
    typeof one.url === 'string' &&
    URL.canParse(one.url) &&
    typeof one.changes === 'boolean'
  )
}

/** The whole conversation of each question. */
export function conversationsOf(questions: readonly RecordedQuestion[]): readonly Conversation[] {
  const all: Conversation[] = []
  for (const { model, system, tools, since, before, messages } of questions) {
    const shared = since === null ? [] : (all[since]?.messages.slice(0, before) ?? [])
    all.push({ model, system, tools, messages: [...shared, ...messages] })
  }
  return all
}
