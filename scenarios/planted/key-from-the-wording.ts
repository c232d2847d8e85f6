/** Wrong on purpose: the idempotency key is a hash of the call, so that a model which words its note anew pays anew. */
import { createHash } from 'node:crypto'
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { converse } from '../chat/converse.js'

interface Tools {
  refund(request: { readonly orderId: string; readonly note: string; readonly key: string }): Promise<unknown>
}

const tool = { name: 'refund', properties: { orderId: { type: 'string' }, note: { type: 'string' } } }

const clerk = (keyFor: (order: { readonly orderId: string; readonly note: string }) => string) => {
  return async ({ task, tools }: AgentContext<{ refunds: number }, Tools>): Promise<string> => {
    const { text, failed } = await converse(task, tool, ({ orderId, note }) => {
      const order = { orderId: String(orderId), note: String(note) }
      return tools.refund({ ...order, key: keyFor(order) })
    })
    if (failed) throw new Error(text)
    return text
  }
}

export default defineScenario({
  name: 'key-from-the-wording',
  task: 'Refund order 42 and tell the customer why.',
  state: () => ({ refunds: 0 }),
  world: ({ state, effect }: WorldContext<{ refunds: number }>): { tools: Tools } => ({
    tools: {
      refund: ({ orderId, key }) =>
        effect({ kind: 'refund', intent: orderId, key, payload: { orderId } }, () => {
          state.refunds++
        }),
    },
  }),
  model: script([
    call('refund', { orderId: '42', note: 'We are sorry that the parcel was damaged on its way to you.' }),
    say('Refunded.'),
  ]),
  agent: clerk((order) => createHash('sha256').update(JSON.stringify(order)).digest('hex')),
  goal: ({ state }) => state.refunds > 0,
  intents: [{ kind: 'refund', id: '42' }],
  faults: ['tool/reply-lost'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: clerk(({ orderId }) => `refund-of-${orderId}`) },
})
