/** Wrong on purpose: the id of the model's call is the idempotency key; a task that is started over gets a new one, and pays again. */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, defineScenario } from 'agent-chaos'
import type { Outcome } from '../agent/agent.js'
import { type Shop, shop } from '../refund/shop.js'

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
    const call = content.find((block) => block.type === 'tool_use')
    if (!call && paid) return
    if (!call) throw new Error('The model ended before anything was done.')
    signal.throwIfAborted()
    await atMost(15_000, payments.refund({ ...order, idempotencyKey: key(call.id) }))
    paid = true
    messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'refunded' }] })
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

/** As a workflow engine or a queue does it: a task that failed is started again from its beginning. */
function startedOver(key: (callId: string) => string) {
  return async ({ task, tools, signal }: AgentContext<Shop, Payments>): Promise<Outcome> => {
    for (let start = 1; ; start++) {
      try {
        await errand(task, tools, key, signal)
        return { claim: 'success', answer: 'Order 42 has been refunded.' }
      } catch (error) {
        if (signal.aborted || start === 3 || isRefusal(error)) throw error
        await sleep(60_000 * start, undefined, { signal })
      }
    }
  }
}

function isRefusal(error: unknown): boolean {
  const { status = 500 } = error as { readonly status?: number }
  return status < 500 && ![408, 409, 425, 429].includes(status)
}

export default defineScenario({
  ...shop,
  name: 'key-from-the-call-id',
  agent: startedOver((callId) => callId),
  budget: { ...shop.budget, spend: { ...shop.budget.spend, seconds: 600 } },
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: startedOver(() => `refund:${order.orderId}`) },
})
