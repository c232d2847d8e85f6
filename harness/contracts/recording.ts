/**
 * What a real run of an agent has shown: what it asked its models and services, and what they answered. It is plain data, for
 * people read it and may edit it. A contract, because it is written by one run and answered from in many.
 */
import type { Json } from '../../faults/json.js'
import { type Conversation, type Message, type Reply, stopReasons } from './conversation.js'
import { UserError } from './errors.js'
import { anything, flag, kindOf, listOf, type Mismatch, mapOf, objectOf, oneOf, satisfies, text } from './json-shape.js'
import { depthMost, isDeeper, lineOf, parseJson, tellPath } from './json-text.js'

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

/** Throws a `UserError`, with the line, for a text that is no recording; `file` is where it stands. */
export function readRecording(written: string, file: string): Recording {
  const wanted = 'expected a recording, as record() writes one'
  const data = parseJson(written, wanted, file)
  const mismatch = isDeeper(data, depthMost + 1)
    ? { path: [], rule: `expected no more than ${depthMost} lists and objects in one another` }
    : (recordingShape(data, []) ?? mismatchOfPlaces((data as Recording).questions))
  if (mismatch === undefined) return data as Recording
  const { path, rule } = mismatch
  const at = path.length === 0 ? '' : `${tellPath(path)}: `
  throw new UserError(`${wanted}: ${at}${rule}`, `${file}:${lineOf(written, path)}`)
}

const blockShapes = {
  text: objectOf({ kind: text, text }),
  'tool-call': objectOf({ kind: text, id: text, name: text, input: anything }),
}
const otherShape = objectOf({ kind: text, type: text }, { content: anything })
const resultShape = objectOf(
  { kind: text, id: text, failed: flag, text },
  { others: listOf(kindOf({ other: otherShape })) },
)

const questionShape = objectOf(
  {
    model: text,
    system: text,
    tools: listOf(text),
    since: satisfies('null or the number of a question', (value) => value === null || isCount(value)),
    before: satisfies('how many messages are shared', isCount),
    messages: listOf(
      objectOf({
        role: oneOf('user', 'assistant'),
        blocks: listOf(kindOf({ ...blockShapes, 'tool-result': resultShape, other: otherShape })),
      }),
    ),
    reply: objectOf({ blocks: listOf(kindOf(blockShapes)), stop: oneOf(...stopReasons) }),
  },
  { ids: objectOf({}, { answer: text, calls: listOf(text) }) },
)

const token = /^[\w!#$%&'*+.^`|~-]+$/
const headerName = satisfies('the name of a header', (value) => token.test(String(value)))
const headerValue = satisfies(
  'the value of a header, as it can be sent',
  (value) => typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value),
)
const answerShape = objectOf(
  { status: satisfies('a status from 200 to 599', (value) => isCount(value) && value >= 200 && value <= 599) },
  { headers: mapOf(headerValue, headerName), json: anything, body: text, encoding: oneOf('latin1') },
)

const requestShape = objectOf(
  {
    method: satisfies('a method, such as "GET"', (value) => typeof value === 'string' && token.test(value)),
    url: satisfies('an address that begins with https:// or http://', isAddress),
    changes: flag,
    answer: answerShape,
  },
  { body: anything, keyed: oneOf(true) },
)

const recordingShape = objectOf(
  { agentChaosRecording: oneOf(recordingVersion), questions: listOf(questionShape), requests: listOf(requestShape) },
  { conversations: listOf(text) },
)

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}

/** A question goes on from an earlier one, and shares no more than what was said there. */
function mismatchOfPlaces(questions: Recording['questions']): Mismatch | undefined {
  const lengths: number[] = []
  for (const [index, { since, before, messages }] of questions.entries()) {
    const path = ['questions', index]
    if (since !== null && since >= index) {
      return { path: [...path, 'since'], rule: `expected the number of an earlier question, got ${since}` }
    }
    const most = since === null ? 0 : (lengths[since] ?? 0)
    if (before > most) return { path: [...path, 'before'], rule: `expected ${most} at the most, got ${before}` }
    lengths.push(before + messages.length)
  }
  return undefined
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
