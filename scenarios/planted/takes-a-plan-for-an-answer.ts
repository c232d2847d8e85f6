/** Wrong on purpose: a reply without a tool call is taken for the end, though the model only says what it is going to do. */
import Anthropic from '@anthropic-ai/sdk'
import { defineScenario } from 'agent-chaos'
import { explain } from '../agent/failure.js'
import { LoopBreaker } from '../agent/loop-breaker.js'
import { equip } from '../agent/means.js'
import { policies } from '../agent/policy.js'
import type { Order } from '../refund/agent.js'
import { agentWith, shop } from '../refund/shop.js'

const policy = policies.errand
const tools: Anthropic.Tool[] = [{ name: 'refund', input_schema: { type: 'object' } }]

export default defineScenario({
  ...shop,
  name: 'takes-a-plan-for-an-answer',
  agent: async ({ task, tools: { refund }, state, signal }) => {
    const { model, dependency } = equip({ client: new Anthropic(), policy, memory: state, signal })
    const payments = dependency('the payment service')
    const loop = new LoopBreaker(policy)
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
    for (;;) {
      loop.turn()
      const { content } = await model.ask({ model: 'claude-opus-5-5', max_tokens: 2_048, messages, tools })
      const call = content.find((block) => block.type === 'tool_use')
      if (!call) return { claim: 'success', answer: content }
      const order = call.input as Order
      const result = await payments
        .call(() => refund({ ...order, idempotencyKey: order.orderId }), loop)
        .then((done) => ({ content: JSON.stringify(done) }))
        .catch((error: unknown) => ({ content: JSON.stringify(explain(error)), is_error: true }))
      messages.push({ role: 'assistant', content })
      messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, ...result }] })
    }
  },
  expect: { violates: 'no-invented-success' },
  repaired: { agent: agentWith({}) },
})
