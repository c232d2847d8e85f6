/** Wrong on purpose: a step that failed is begun anew, and its model knows nothing of the refund that went through before. */
// As reported in iamabhishek.com, "How I Shipped Production-Ready AI Agents for a Client", told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { converse } from '../chat/converse.js'
import { within } from '../small/again.js'

interface Tools {
  refund(refund: { readonly orderId: string; readonly key?: string }): Promise<unknown>
}

const stepsMax = 3
const orderId = '42'
const tool = { name: 'refund', properties: { orderId: { type: 'string' } } }

const bot = (keyOf: (orderId: string) => { readonly key?: string }) => {
  return async ({ task, tools }: AgentContext<object, Tools>): Promise<string> => {
    const step = () =>
      converse(
        task,
        tool,
        (input) => {
          const asked = String(input.orderId)
          return within(30_000, tools.refund({ orderId: asked, ...keyOf(asked) }))
        },
        () => true,
      )
    for (let tried = 1; ; tried++) {
      try {
        return (await step()).text
      } catch (error) {
        if (tried === stepsMax) throw error
        await sleep(2_000)
      }
    }
  }
}

export default defineScenario({
  name: 'the-step-is-retried-over-a-refund',
  task: `Refund order ${orderId}.`,
  state: () => ({ refunds: 0 }),
  world: ({ state, effect }: WorldContext<{ refunds: number }>): { tools: Tools } => ({
    tools: {
      refund: async (refund) => {
        const { orderId: intent, key } = refund
        await effect({ kind: 'refund', intent, key }, () => {
          state.refunds++
        })
        return 'refunded'
      },
    },
  }),
  model: script([call('refund', { orderId }), say(`Order ${orderId} is refunded.`)]),
  agent: bot(() => ({})),
  goal: ({ state }) => state.refunds > 0,
  intents: [{ kind: 'refund', id: orderId }],
  faults: ['tool/reply-lost', 'tool/late', 'tool/slow', 'tool/unavailable', 'model/server-error', 'model/timeout'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: bot((id) => ({ key: `refund-${id}` })) },
})
