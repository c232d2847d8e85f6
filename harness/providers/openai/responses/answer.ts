/**
 * The model's answer on the wire of Responses: one JSON body, or the events of a stream, one chunk each, with the response
 * as it is at the beginning and at the end.
 */
import type { StopReason, Usage } from '../../../contracts/conversation.js'
import type { WireAnswer } from '../../../contracts/provider.js'
import { bodyOf, type ErrorTerms } from '../error.js'
import { headersOf } from '../headers.js'
import { tokensOf } from '../usage.js'
import { eventsOf, type StreamEvent } from './events.js'
import { isCutShort, type OutputItem } from './output.js'
import type { Wishes } from './request.js'

/** All that an answer is made of. */
export interface ResponseFacts {
  readonly responseId: string
  readonly requestId: string
  /** Seconds since 1970. */
  readonly created: number
  readonly model: string
  readonly stop: StopReason
  readonly output: readonly OutputItem[]
  readonly usage: Usage
  readonly previous: string | null
  readonly conversation: string | null
  readonly stores: boolean
  readonly wishes: Wishes
}

/** Why an answer ended, where it did not end by itself; else its status. */
export const stopReasons: Readonly<Record<StopReason, string>> = {
  'end-turn': 'completed',
  'tool-use': 'completed',
  'max-tokens': 'max_output_tokens',
  'context-full': 'max_output_tokens',
  refusal: 'completed',
}

/** A refusal in words is a part of a message. One without words is the content filter's, which leaves nothing. */
function incompleteReason({ stop, output }: ResponseFacts): string | undefined {
  if (isCutShort(stop)) return stopReasons[stop]
  return stop === 'refusal' && !output.some(({ kind }) => kind === 'message') ? 'content_filter' : undefined
}

export function jsonAnswer(facts: ResponseFacts): WireAnswer {
  const headers = headersOf(facts.requestId, 'application/json', tokensIn(facts))
  return { status: 200, headers, chunks: [JSON.stringify(endOf(facts))] }
}

export function streamAnswer(facts: ResponseFacts): WireAnswer {
  const begun = responseOf(facts, { status: 'in_progress' })
  const reason = incompleteReason(facts)
  const events: StreamEvent[] = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...facts.output.flatMap(eventsOf),
    { type: reason === undefined ? 'response.completed' : 'response.incomplete', response: endOf(facts) },
  ]
  return {
    status: 200,
    headers: {
      ...headersOf(facts.requestId, 'text/event-stream; charset=utf-8', tokensIn(facts)),
      'cache-control': 'no-cache',
    },
    chunks: events.map(writeEvent),
  }
}

/** A comment: this API has no event that says nothing. */
export const keepAlive = ': keep-alive\n\n'

/** How a stream ends that breaks off: with the error, and with the response that failed, where one had begun. */
export function streamFailure(error: ErrorTerms, facts: ResponseFacts | undefined, sent: string): string {
  const next = sent.split('\n\n').filter((event) => event.startsWith('event: ')).length
  const events: StreamEvent[] = [{ type: 'error', error: bodyOf(error) }]
  if (facts && next > 0) {
    const { code, message } = error
    events.push({
      type: 'response.failed',
      response: responseOf(facts, { status: 'failed', error: { code: String(code ?? 'server_error'), message } }),
    })
  }
  return events.map((event, index) => writeEvent(event, next + index)).join('')
}

function writeEvent({ type, ...fields }: StreamEvent, number: number): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number, ...fields })}\n\n`
}

function tokensIn({ usage }: ResponseFacts): number {
  return usage.inputTokens + usage.outputTokens
}

function endOf(facts: ResponseFacts): object {
  const { usage, output, created } = facts
  const { input, cached, output: out, reasoning, total } = tokensOf(usage)
  const reason = incompleteReason(facts)
  return responseOf(facts, {
    status: reason === undefined ? 'completed' : 'incomplete',
    completed_at: reason === undefined ? created : null,
    incomplete_details: reason === undefined ? null : { reason },
    output: output.map(({ item }) => item),
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: out,
      output_tokens_details: { reasoning_tokens: reasoning },
      total_tokens: total,
    },
  })
}

/** As it is before anything has come of it, but for `state`. */
function responseOf(
  { responseId, created, model, previous, conversation, stores, wishes }: ResponseFacts,
  state: object,
): object {
  const { echo } = wishes
  const echoOf = (name: string, otherwise: unknown) => echo[name] ?? otherwise
  return {
    id: responseId,
    object: 'response',
    created_at: created,
    status: 'in_progress',
    background: false,
    ...(conversation !== null && { conversation: { id: conversation } }),
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: echoOf('instructions', null),
    max_output_tokens: echoOf('max_output_tokens', null),
    max_tool_calls: echoOf('max_tool_calls', null),
    model,
    output: [],
    parallel_tool_calls: echoOf('parallel_tool_calls', true),
    previous_response_id: previous,
    prompt_cache_key: echoOf('prompt_cache_key', null),
    reasoning: { effort: null, summary: null, ...(echo.reasoning as object | null | undefined) },
    safety_identifier: echoOf('safety_identifier', null),
    service_tier: 'default',
    store: stores,
    temperature: 1,
    text: { format: { type: 'text' }, ...(echo.text as object | null | undefined) },
    tool_choice: echoOf('tool_choice', 'auto'),
    tools: echoOf('tools', []),
    top_logprobs: 0,
    top_p: 1,
    truncation: echoOf('truncation', 'disabled'),
    usage: null,
    user: echoOf('user', null),
    metadata: echoOf('metadata', {}),
    ...state,
  }
}
