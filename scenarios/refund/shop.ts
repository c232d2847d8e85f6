/** The smallest shop: a refund is one tool. What the scenarios about it have in common. */
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, say, script, type WorldContext } from 'agent-chaos'
import type { Outcome } from '../agent/agent.js'
import { type Equipment, emptyMemory, equip, type Memory } from '../agent/means.js'
import { policies } from '../agent/policy.js'
import { type Order, type RefundPolicy, refundAgent } from './agent.js'

const order: Order = { orderId: '42', cents: 4200 }

export interface Shop extends Memory {
  /** Cents given back, by order. */
  readonly refunds: Record<string, number>
  /** Orders that the books show as refunded. */
  readonly booked: string[]
}

interface Tools {
  refund(request: Order & { readonly idempotencyKey?: string | undefined }): Promise<unknown>
}

export const shop = {
  task: 'Refund order 42 (4200 cents) and tell the customer.',
  state: (): Shop => ({ refunds: {}, booked: [], ...emptyMemory() }),
  world: ({ state, effect }: WorldContext<Shop>): { tools: Tools } => ({
    tools: {
      /** A payment service that honours idempotency keys; a refund is a booking and a payment. */
      refund: async ({ orderId, cents, idempotencyKey }) => {
        await effect({
          kind: 'refund',
          intent: orderId,
          key: idempotencyKey,
          payload: { orderId, cents },
          steps: [
            () => state.booked.push(orderId),
            () => {
              state.refunds[orderId] = (state.refunds[orderId] ?? 0) + cents
            },
          ],
        })
        return { refunded: orderId, cents }
      },
    },
  }),
  model: script([call('refund', { ...order }), say('Order 42 has been refunded.')]),
  goal: ({ state }: { readonly state: Shop }) => state.refunds['42'] === 4200,
  intents: [{ kind: 'refund', id: '42' }],
  claims: ({ claim }: Outcome) => claim,
  budget: { reliability: 0.95, faultRate: 0.1, spend: { turns: 12, tokens: 50_000, usd: 0.25, seconds: 120 } },
}

/** The refund agent, with parts of its policy or of its equipment replaced. */
export function agentWith(changed: Partial<RefundPolicy>, equipment: Partial<Equipment> = {}) {
  return ({ task, tools, state, signal }: AgentContext<Shop, Tools>) => {
    const means = equip({
      client: new Anthropic(),
      policy: { ...policies.errand, ...changed },
      memory: state,
      signal,
      ...equipment,
    })
    const pay = (request: Order, idempotencyKey?: string) => tools.refund({ ...request, idempotencyKey })
    return refundAgent(means, { task, order, services: { pay } })
  }
}
