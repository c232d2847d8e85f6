/** Wrong on purpose: whatever order the model names is refunded; nobody asks whether there is such an order. */
// As reported in iamabhishek.com, "How I Shipped Production-Ready AI Agents for a Client" (the second mistake), told anew.
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { deceptiveResultNotTrusted } from 'agent-chaos/invariants'
import { converse } from '../chat/converse.js'

interface Shop {
  readonly refunded: string[]
}

interface Tools {
  refund(refund: { readonly orderId: string }): Promise<unknown>
}

const orders = ['41', '42']
const tool = { name: 'refund', properties: { orderId: { type: 'string' } } }

const bot = (isThere: (orderId: string) => boolean) => {
  return async ({ task, tools }: AgentContext<Shop, Tools>): Promise<string> => {
    const { text, failed } = await converse(task, tool, async ({ orderId }) => {
      const id = String(orderId)
      if (!isThere(id)) throw Object.assign(new Error(`there is no order ${id}`), { status: 404 })
      return tools.refund({ orderId: id })
    })
    if (failed) throw new Error(text)
    return text
  }
}

export default defineScenario({
  name: 'an-order-that-does-not-exist',
  task: 'The customer of order 42 wants a refund.',
  state: (): Shop => ({ refunded: [] }),
  world: ({ state, effect }: WorldContext<Shop>): { tools: Tools } => ({
    tools: {
      refund: async ({ orderId }) => {
        await effect({ kind: 'refund', intent: orderId, key: orderId }, () => {
          state.refunded.push(orderId)
        })
        return 'refunded'
      },
    },
  }),
  model: script([call('refund', { orderId: '42' }), say('The order is refunded.')]),
  agent: bot(() => true),
  goal: ({ state }) => state.refunded.join() === '42',
  intents: [{ kind: 'refund', id: '42' }],
  invariants: [deceptiveResultNotTrusted()],
  faults: ['model/wrong-entity', 'model/server-error'],
  expect: { violates: 'deceptive-result-not-trusted' },
  repaired: { agent: bot((orderId) => orders.includes(orderId)) },
})
