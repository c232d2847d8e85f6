/**
 * The payment service of the company without its books, for planted bugs about one request over HTTP. Apart, because the
 * company's own scenario is about two services and what is undone between them.
 */
import Anthropic from '@anthropic-ai/sdk'
import type { AgentContext, WorldContext } from 'agent-chaos'
import { postJson } from '../agent/http.js'
import { equip } from '../agent/means.js'
import { policies } from '../agent/policy.js'
import { type Order, type RefundServices, refundAgent } from './agent.js'
import { type Company, company } from './company.js'

const origin = 'https://payments.example.com'
export const refundsUrl = `${origin}/v1/refunds`
const order: Order = { orderId: '42', cents: 4200 }

/** The refund of one order; `keyTtlMs` is how long the service remembers an idempotency key. */
export const paymentService = (keyTtlMs = 24 * 3_600_000) => ({
  ...company,
  world: ({ state, http }: WorldContext<Company>) => {
    http.service(
      origin,
      ({ data }) => {
        const { orderId, cents } = data as Order
        state.refunds[orderId] = (state.refunds[orderId] ?? 0) + cents
        return { status: 201, json: { refunded: orderId, cents } }
      },
      {
        idempotency: { required: false, ttlMs: keyTtlMs },
        intent: ({ data }) => ({ kind: 'refund', intent: (data as Order).orderId }),
      },
    )
    return {}
  },
  goal: ({ state }: { readonly state: Company }) => state.refunds['42'] === 4200,
})

type Pay = RefundServices['pay']

const payOnce: Pay = (body, key, signal) => postJson(refundsUrl, { body, key, signal })

/** The refund agent on that service, with another way to pay. */
export function payingAgent(pay: Pay = payOnce) {
  return ({ task, state, signal }: AgentContext<Company, unknown>) => {
    const means = equip({ client: new Anthropic(), policy: policies.errand, memory: state, signal })
    return refundAgent(means, { task, order, services: { pay } })
  }
}
