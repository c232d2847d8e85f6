/** The shop that the refund agents act on, and what every scenario about them has in common. */
import Anthropic from '@anthropic-ai/sdk'
import { call, say, script, type WorldContext } from 'agent-chaos'
import { type RefundPolicy, type RefundRequest, refundAgent } from './agent.js'

export interface Shop {
  /** Cents given back, by order. */
  readonly refunds: Record<string, number>
  /** Orders that the books show as refunded. */
  readonly booked: string[]
}

export const shop = {
  task: 'Refund order 42 (4200 cents) and tell the customer.',
  state: (): Shop => ({ refunds: {}, booked: [] }),
  world: ({ state, effect }: WorldContext<Shop>) => ({
    tools: {
      /** A payment service that honours idempotency keys; a refund is a booking and a payment. */
      refund: async ({ orderId, cents, idempotencyKey }: RefundRequest) => {
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
  model: script([call('refund', { orderId: '42', cents: 4200 }), say('Order 42 has been refunded.')]),
  goal: ({ state }: { readonly state: Shop }) => state.refunds['42'] === 4200,
  intents: [{ kind: 'refund', id: '42' }],
  budget: { reliability: 0.95, faultRate: 0.1, spend: { turns: 12, tokens: 50_000, usd: 0.25, seconds: 120 } },
}

interface Context {
  readonly task: string
  readonly tools: { refund(request: RefundRequest): Promise<unknown> }
  readonly signal: AbortSignal
}

/** The refund agent, with parts of its policy replaced. */
export function agentWith(policy: Partial<RefundPolicy>) {
  return ({ task, tools, signal }: Context) => refundAgent({ client: new Anthropic(), task, tools, signal, policy })
}
