/**
 * The events of a trace as a schema. Apart from the trace because whoever writes one needs none: it is for files, which
 * anybody may have made, and of which nothing is shown before each event is known to be one. What a later version added to
 * an event is let be; a kind of event that it added is refused.
 */
import { z } from 'zod'
import type { Action } from '../../faults/action.js'
import { boundaries, boundaryTable } from '../../faults/boundaries.js'
import { faultClasses } from '../../faults/fault.js'
import { didYouMean } from './errors.js'
import { failure, json, reply, request } from './request-schema.js'
import { claims, eventKinds, type KilledWhy, type TraceEvent } from './trace.js'

/** Virtual milliseconds, as far as a clock can count them. */
const at = z.number().nonnegative().max(Number.MAX_SAFE_INTEGER)
const index = z.int().nonnegative()
const actionKinds = [...new Set(boundaries.flatMap((boundary) => boundaryTable[boundary].actions))]

function unknownOf(known: readonly string[], key: string) {
  return ({ input }: { readonly input?: unknown }) => {
    if (typeof input !== 'object' || input === null)
      return `expected object, got ${JSON.stringify(input) ?? 'undefined'}`
    const came = (input as Record<string, unknown>)[key]
    const expected = `expected one of ${known.map((name) => JSON.stringify(name)).join('|')}`
    const suggestion = typeof came === 'string' ? didYouMean(came, known) : ''
    return `${expected}, got ${JSON.stringify(came) ?? 'undefined'}${suggestion && `.${suggestion}`}`
  }
}

const error = z.looseObject({
  name: z.string(),
  message: z.string(),
  cut: z.literal(true).exactOptional(),
  code: z.string().exactOptional(),
  status: z.number().exactOptional(),
  retryAfter: z.string().exactOptional(),
  retryAfterMs: z.string().exactOptional(),
})

const outcome = z.discriminatedUnion(
  'kind',
  [
    z.looseObject({ kind: z.literal('ok'), output: json.exactOptional() }),
    z.looseObject({ kind: z.literal('failed'), failure, error, class: z.enum([...faultClasses, 'unknown']) }),
  ],
  { error: unknownOf(['ok', 'failed'], 'kind') },
)

const call = z.looseObject({
  at,
  kind: z.literal('call'),
  crossing: index,
  parent: index.nullable(),
  site: z.looseObject({ boundary: z.enum(boundaries), target: z.string() }),
  occurrence: z.int().positive(),
  attempt: z.int().positive(),
  request,
  identity: z.string(),
  traits: z.array(z.enum(['steps', 'stream', 'bytes', 'opens', 'rename', 'lookup', 'loose-input'])),
})

const fault = z.looseObject({
  at,
  kind: z.literal('fault'),
  crossing: index,
  injection: index,
  fault: z.string(),
  class: z.enum(faultClasses),
  actions: z.array(z.enum(actionKinds as [Action['kind']])),
  token: z.string().exactOptional(),
  mistaken: z.literal(true).exactOptional(),
})

const returned = z.looseObject({
  at,
  kind: z.literal('return'),
  crossing: index,
  outcome,
  reply: reply.exactOptional(),
})

const effect = z.looseObject({
  at,
  kind: z.literal('effect'),
  crossing: index,
  effect: z.looseObject({ kind: z.string(), id: z.string() }),
  key: z.string().nullable(),
  payload: json,
  status: z.enum(['applied', 'partial', 'replayed', 'refused']),
  steps: z.array(index),
  stepsTotal: index,
  takesNoKeys: z.literal(true).exactOptional(),
})

const breakerNews = { at, kind: z.literal('breaker'), breaker: z.string() }
const breakerStates = ['closed', 'open', 'half-open'] as const
const ended = ['succeeded', 'failed', 'ignored'] as const
const turnedAway = ['rejected', 'spared'] as const
const news = ['observed', 'opened', 'closed', 'half-opened', ...ended, ...turnedAway]

const breaker = z.discriminatedUnion(
  'event',
  [
    z.looseObject({ ...breakerNews, event: z.literal('observed'), state: z.enum(breakerStates), fresh: z.boolean() }),
    z.looseObject({ ...breakerNews, event: z.enum(['opened', 'closed']), by: z.literal('hand').exactOptional() }),
    z.looseObject({ ...breakerNews, event: z.literal('half-opened') }),
    z.looseObject({
      ...breakerNews,
      event: z.enum(ended),
      tookMs: z.number().exactOptional(),
      unsent: z.literal(true).exactOptional(),
    }),
    z.looseObject({ ...breakerNews, event: z.enum(turnedAway) }),
  ],
  { error: unknownOf(news, 'event') },
)

const span = z.looseObject({
  at,
  kind: z.literal('span'),
  span: index,
  parent: index.nullable(),
  trace: index,
  name: z.string(),
  scope: z.string(),
  role: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
  startMs: at,
  endMs: at,
  attributes: z.record(z.string(), json),
  status: z.enum(['ok', 'error', 'unset']),
})

const plainEnds = ['returned', 'threw', 'deadlock', 'horizon', 'crashed'] as const
const whys = [
  'unresponsive',
  'blocked',
  'overlong',
  'starved',
  'unknown',
  'memory',
  'died',
] as const satisfies readonly KilledWhy[]
const ends = [...plainEnds, 'exited', 'crash-loop', 'stuck', 'killed']

const end = z.looseObject({
  at,
  kind: z.literal('end'),
  end: z.discriminatedUnion(
    'kind',
    [
      z.looseObject({ kind: z.enum(plainEnds) }),
      z.looseObject({ kind: z.literal('exited'), code: z.number() }),
      z.looseObject({ kind: z.literal('crash-loop'), attempts: z.number() }),
      z.looseObject({ kind: z.literal('stuck'), resources: z.array(z.string()) }),
      z.looseObject({ kind: z.literal('killed'), why: z.enum(whys) }),
    ],
    { error: unknownOf(ends, 'kind') },
  ),
})

const event = z.discriminatedUnion(
  'kind',
  [
    call,
    fault,
    returned,
    effect,
    breaker,
    span,
    z.looseObject({ at, kind: z.literal('unhandled'), how: z.enum(['rejection', 'exception']), error }),
    z.looseObject({ at, kind: z.literal('stray-request'), method: z.string(), url: z.string() }),
    z.looseObject({ at, kind: z.literal('cancel') }),
    z.looseObject({ at, kind: z.literal('restart'), attempt: z.number(), memory: z.literal('kept').exactOptional() }),
    z.looseObject({
      at,
      kind: z.literal('claim'),
      claim: z.enum(claims),
      result: z.string(),
      cut: z.literal(true).exactOptional(),
      error: error.exactOptional(),
    }),
    z.looseObject({
      at,
      kind: z.literal('left-running'),
      what: z.enum(['timers', 'intervals']),
      count: z.number(),
      longestMs: z.number(),
    }),
    end,
  ],
  { error: unknownOf(eventKinds, 'kind') },
)

export const eventsSchema: z.ZodType<readonly TraceEvent[]> = z.array(event)
