/**
 * A small agent that refunds an order, written to survive what goes wrong: an idempotency key that belongs to the order
 * and not to the attempt, retries of what may pass and of nothing else, structured errors for the model, a bound on
 * turns, a bound on tool failures, and a deadline on every call.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'

export interface RefundRequest {
  readonly orderId: string
  readonly cents: number
  readonly idempotencyKey?: string | undefined
}

export interface RefundAgentOptions {
  readonly client: Anthropic
  readonly task: string
  readonly tools: { refund(request: RefundRequest): Promise<unknown> }
  readonly signal: AbortSignal
  readonly policy?: Partial<RefundPolicy>
}

/** What the agent does about failures; each part can be replaced to see what happens without it. */
export interface RefundPolicy {
  /** The idempotency key of a refund; asked for at every attempt. */
  readonly keyFor: (orderId: string) => string | undefined
  /** Whether the same call may succeed later. */
  readonly mayPass: (error: unknown) => boolean
  readonly turnsMax: number
  readonly toolFailuresMax: number
}

export const soundPolicy: RefundPolicy = {
  keyFor: (orderId) => `refund-${orderId}`,
  mayPass,
  turnsMax: 10,
  toolFailuresMax: 5,
}

const attemptsMax = 3
const backoffMs = 1_000
/** For the first byte of an answer, which the SDK watches over, and for all of it, which it does not. */
const answerBeginsMsMax = 10_000
const answerEndsMsMax = 40_000
/** What a tool has not answered by then is asked again; the key sees to it that it is done once all the same. */
const toolMsMax = 30_000

const refundTool: Anthropic.Tool = {
  name: 'refund',
  description: 'Refunds an order to the customer.',
  input_schema: {
    type: 'object',
    properties: { orderId: { type: 'string' }, cents: { type: 'integer' } },
    required: ['orderId', 'cents'],
  },
}

/** Resolves to the agent's answer. Rejects when it could not do the task. */
export async function refundAgent(options: RefundAgentOptions): Promise<string> {
  const policy = { ...soundPolicy, ...options.policy }
  const breaker = { failures: 0 }
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: options.task }]
  for (let turn = 0; turn < policy.turnsMax; turn++) {
    const reply = await askModel(options, messages)
    messages.push({ role: 'assistant', content: reply.content })
    const calls = reply.content.filter((block) => block.type === 'tool_use')
    if (calls.length === 0) return reply.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    const results: Anthropic.ToolResultBlockParam[] = []
    for (const call of calls) results.push(await runTool(call, options, policy, breaker))
    messages.push({ role: 'user', content: results })
  }
  throw new Error(`no answer after ${policy.turnsMax} turns`)
}

/** The SDK retries refusals and silence by itself; what it does not retry is an answer that breaks off on its way. */
async function askModel({ client, signal }: RefundAgentOptions, messages: Anthropic.MessageParam[]) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.messages.create(
        { model: 'claude-opus-5-5', max_tokens: 1024, messages, tools: [refundTool] },
        { timeout: answerBeginsMsMax, signal: AbortSignal.any([signal, AbortSignal.timeout(answerEndsMsMax)]) },
      )
    } catch (error) {
      const refused = error instanceof Anthropic.APIError && error.status !== undefined
      if (refused || signal.aborted || attempt === attemptsMax) throw error
      await sleep(backoffMs * 2 ** attempt)
    }
  }
}

async function runTool(
  call: Anthropic.ToolUseBlock,
  { tools }: RefundAgentOptions,
  policy: RefundPolicy,
  breaker: { failures: number },
): Promise<Anthropic.ToolResultBlockParam> {
  const { orderId, cents } = call.input as { orderId: string; cents: number }
  for (let attempt = 1; ; attempt++) {
    if (breaker.failures >= policy.toolFailuresMax) throw new Error('too many tool failures: giving up')
    try {
      const request = { orderId, cents, idempotencyKey: policy.keyFor(orderId) }
      const result = await inTime(tools.refund(request), toolMsMax)
      return { type: 'tool_result', tool_use_id: call.id, content: JSON.stringify(result ?? 'done') }
    } catch (error) {
      breaker.failures++
      if (!policy.mayPass(error)) return failure(call, error, false)
      if (attempt === attemptsMax) return failure(call, error, true)
      await sleep(backoffMs * 2 ** attempt)
    }
  }
}

async function inTime<T>(work: Promise<T>, msMax: number): Promise<T> {
  const answered = new AbortController()
  const late = sleep(msMax, undefined, { signal: answered.signal }).then(() => {
    throw Object.assign(new Error(`no answer within ${msMax} ms`), { code: 'ETIMEDOUT' })
  })
  try {
    return await Promise.race([work, late])
  } finally {
    answered.abort()
  }
}

/** The model is told what went wrong in words that it can act on. */
function failure(call: Anthropic.ToolUseBlock, error: unknown, recoverable: boolean): Anthropic.ToolResultBlockParam {
  const { message } = error as Error
  const suggestion = recoverable ? 'Try again later.' : 'Do not try again; tell the customer.'
  const content = JSON.stringify({ error_type: codeOf(error), message, recoverable, suggestion })
  return { type: 'tool_result', tool_use_id: call.id, content, is_error: true }
}

/** Everything but a definite refusal: with a key that stays the same, a repeated refund does no harm. */
function mayPass(error: unknown): boolean {
  const { status } = error as { readonly status?: number }
  return status === undefined || status === 408 || status === 409 || status === 429 || status >= 500
}

function codeOf(error: unknown): string {
  return String((error as { readonly code?: unknown }).code ?? 'UNKNOWN')
}
