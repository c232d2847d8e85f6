/** What was asked at a crossing, and what came of it, as schemas: for files, which anybody may have made. */
import { z } from 'zod'
import { fileErrorCodes, modelFailureCodes } from '../../faults/action.js'
import type { Json } from '../../faults/json.js'
import { stopReasons } from './conversation.js'
import { refusalReasons } from './failure.js'

const index = z.int().nonnegative()
// Whatever stands in a file of JSON is JSON.
export const json = z.unknown() as unknown as z.ZodType<Json>

const errorCodes = [...modelFailureCodes, ...fileErrorCodes, 'exception'] as const

const toolUse = { id: z.string(), name: z.string(), input: json }
const text = z.looseObject({ kind: z.literal('text'), text: z.string() })
const toolCall = z.looseObject({ kind: z.literal('tool-call'), ...toolUse })
const brokenCall = z.looseObject({
  kind: z.literal('broken-call'),
  id: z.string(),
  name: z.string(),
  text: z.string(),
  meant: json,
})
const other = z.looseObject({ kind: z.literal('other'), type: z.string(), content: json.exactOptional() })
const toolResult = z.looseObject({
  kind: z.literal('tool-result'),
  id: z.string(),
  failed: z.boolean(),
  text: z.string(),
  others: z.array(other).exactOptional(),
})
const message = z.looseObject({
  role: z.enum(['user', 'assistant']),
  blocks: z.array(z.discriminatedUnion('kind', [text, toolCall, toolResult, other])),
})

const part = <T extends z.ZodType>(value: T) => z.looseObject({ digest: z.string(), value: value.exactOptional() })

export const request = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('model'),
    provider: z.string(),
    api: z.string(),
    model: z.string(),
    stream: z.boolean(),
    since: index.nullable(),
    before: index,
    messages: z.array(message),
    system: part(z.string()),
    tools: part(json),
    settings: part(json),
    unread: json.exactOptional(),
    wire: z.string(),
  }),
  z.looseObject({ kind: z.literal('call'), arguments: z.array(json) }),
  z.looseObject({
    kind: z.literal('effect'),
    effect: z.looseObject({ kind: z.string(), id: z.string() }),
    key: z.string().nullable(),
    payload: json,
  }),
  z.looseObject({
    kind: z.literal('http'),
    method: z.string(),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: json.exactOptional(),
    changesNothing: z.literal(true).exactOptional(),
    encoding: z.literal('latin1').exactOptional(),
  }),
  z.looseObject({
    kind: z.literal('file'),
    asked: z.string(),
    path: z.string(),
    content: z.looseObject({ bytes: z.number(), digest: z.string(), text: z.string().exactOptional() }).exactOptional(),
  }),
])

export const reply = z.looseObject({
  blocks: z.array(z.discriminatedUnion('kind', [text, toolCall, brokenCall])),
  stop: z.enum(stopReasons),
  gaveUp: z.boolean(),
  usage: z.looseObject({ inputTokens: z.number(), outputTokens: z.number() }),
  price: z.looseObject({ input: z.number(), output: z.number() }).nullable(),
})

export const failure = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('refusal'), reason: z.enum(refusalReasons) }),
  z.looseObject({ kind: z.literal('error'), code: z.enum(errorCodes).exactOptional() }),
  z.looseObject({ kind: z.literal('lost'), how: z.enum(['silence', 'reset', 'refused', 'unresolved']) }),
  z.looseObject({ kind: z.literal('given-up') }),
  z.looseObject({
    kind: z.literal('cut'),
    how: z.enum(['reset', 'clean-end', 'stall', 'error']),
    code: z.enum(modelFailureCodes).exactOptional(),
    at: z.number(),
    of: z.number(),
    arrived: z
      .looseObject({
        text: z.string(),
        toolCalls: z.array(z.looseObject(toolUse)),
        partial: z.looseObject({ ...toolUse, input: z.string() }).exactOptional(),
      })
      .exactOptional(),
  }),
])
