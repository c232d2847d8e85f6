/** A refund that is started over from its beginning where it failed. What the scenarios about such an agent have in common. */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import type { AgentContext } from 'agent-chaos'
import type { Outcome } from '../agent/agent.js'
import { type Shop, shop } from './shop.js'

interface Payments {
  refund(request: {
    readonly orderId: string
    readonly cents: number
    readonly idempotencyKey: string
  }): Promise<unknown>
}

const order = { orderId: '42', cents: 4200 }
const refund: Anthropic.Tool = {
  name: 'refund',
  description: 'Gives money back for an order.',
  input_schema: { type: 'object', properties: { orderId: { type: 'string' }, cents: { type: 'integer' } } },
}

/** Asks the model until it has nothing more to call. Whatever fails ends the errand. */
async function errand(task: string, payments: Payments, key: (callId: string) => string, signal: AbortSignal) {
  const client = new Anthropic({ timeout: 20_000 })
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
  let paid = false
  for (let turn = 1; turn <= 4; turn++) {
    const question = { model: 'claude-opus-5-5', max_tokens: 1_024, messages, tools: [refund] }
    const { content } = await client.messages.create(question, { signal })
    messages.push({ role: 'assistant', content })
    const calls = content.filter((block) => block.type === 'tool_use')
    const [call] = calls
    if (!call && paid) return
    if (!call) throw new Error('The model ended before anything was done.')
    signal.throwIfAborted()
    // One refund is all that is wanted, however often it is asked for at once.
    await atMost(15_000, payments.refund({ ...order, idempotencyKey: key(call.id) }))
    paid = true
    const answer = ({ id }: { readonly id: string }) =>
      ({ type: 'tool_result', tool_use_id: id, content: 'refunded' }) as const
    messages.push({ role: 'user', content: calls.map(answer) })
  }
  throw new Error('The model goes in circles.')
}

async function atMost<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = new AbortController()
  const deadline = sleep(ms, undefined, late).then(() => Promise.reject(new Error('no answer in time')))
  try {
    return await Promise.race([work, deadline])
  } finally {
    deadline.catch(() => {})
    late.abort()
  }
}

/** How the errand is run: the idempotency key of the payment, and which errors end the task for good. */
export interface Runs {
  /** By the id of the model's tool call; by default the order is the key. */
  readonly key?: (callId: string) => string
  readonly isFinal?: (error: unknown) => boolean
}

/** As a workflow engine or a queue does it: a task that failed is started again from its beginning. */
export function startedOver({ key = () => `refund:${order.orderId}`, isFinal = isRefusal }: Runs = {}) {
  return async ({ task, tools, signal }: AgentContext<Shop, Payments>): Promise<Outcome> => {
    for (let start = 1; ; start++) {
      try {
        await errand(task, tools, key, signal)
        return { claim: 'success', answer: 'Order 42 has been refunded.' }
      } catch (error) {
        if (signal.aborted || start === 3 || isFinal(error)) throw error
        await sleep(60_000 * start, undefined, { signal })
      }
    }
  }
}

/** Whether an error is for good, by its status. */
export function isRefusal(error: unknown): boolean {
  const { status = 500 } = error as { readonly status?: number }
  return status < 500 && ![408, 409, 425, 429].includes(status)
}

/** It waits between its starts, so it needs longer than others. */
export const unhurried = { budget: { ...shop.budget, spend: { ...shop.budget.spend, seconds: 600 } } }
