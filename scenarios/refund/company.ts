/**
 * The company behind the refund scenario: a payment service and its own books, both reached over HTTP and both honouring
 * idempotency keys.
 */
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, say, script, type WorldContext } from 'agent-chaos'
import type { Outcome } from '../agent/agent.js'
import { postJson } from '../agent/http.js'
import { emptyMemory, equip, type Memory } from '../agent/means.js'
import { policies } from '../agent/policy.js'
import { type Order, type RefundPolicy, type RefundServices, refundAgent } from './agent.js'

export const payments = 'https://payments.example.com'
export const books = 'https://books.example.com'
const order: Order = { orderId: '42', cents: 4200 }

export interface Company extends Memory {
  /** Cents paid back, by order. */
  readonly refunds: Record<string, number>
  /** Cents that the books hold back, by order. */
  readonly reserved: Record<string, number>
  readonly released: string[]
}

export const company = {
  task: 'Refund order 42 (4200 cents) and tell the customer.',
  state: (): Company => ({ refunds: {}, reserved: {}, released: [], ...emptyMemory() }),
  world: ({ state, http }: WorldContext<Company>) => {
    http.service(
      payments,
      ({ data }) => {
        const { orderId, cents } = data as Order
        state.refunds[orderId] = (state.refunds[orderId] ?? 0) + cents
        return { status: 201, json: { refunded: orderId, cents } }
      },
      { idempotency: 'stripe-v1', intent: ({ data }) => ({ kind: 'refund', intent: (data as Order).orderId }) },
    )
    http.service(books, ({ url, data }) => book(state, url.pathname, data as Order), {
      idempotency: 'ietf',
      intent: ({ url, data }) => ({
        kind: url.pathname === '/releases' ? 'release' : 'reserve',
        intent: (data as Order).orderId,
      }),
    })
    return {}
  },
  model: script([call('refund', { ...order }), say('Order 42 has been refunded.')]),
  goal: ({ state }: { readonly state: Company }) => state.refunds['42'] === 4200 && state.reserved['42'] === 4200,
  claims: ({ claim }: Outcome) => claim,
  budget: { reliability: 0.95, faultRate: 0.1, spend: { turns: 12, tokens: 50_000, usd: 0.25, seconds: 180 } },
}

function book(state: Company, path: string, { orderId, cents }: Order) {
  if (path === '/releases') {
    delete state.reserved[orderId]
    // Remembered, lest a reservation that was on its way all the time arrive behind its release.
    state.released.push(orderId)
    return { json: { released: orderId } }
  }
  if (state.released.includes(orderId)) return { status: 410, json: { error: 'this reservation was released' } }
  state.reserved[orderId] = (state.reserved[orderId] ?? 0) + cents
  return { status: 201, json: { reserved: orderId } }
}

const services: RefundServices = {
  pay: (body, key, signal) => postJson(`${payments}/v1/refunds`, { body, key, signal }),
  books: {
    reserve: (body, key, signal) => postJson(`${books}/reservations`, { body, key, signal }),
    release: (body, key, signal) => postJson(`${books}/releases`, { body, key, signal }),
  },
}

/** The refund agent on these services, with parts of its policy replaced. */
export function companyAgent(changed: Partial<RefundPolicy> = {}) {
  return ({ task, state, signal }: AgentContext<Company, unknown>) => {
    const policy = { ...policies.errand, ...changed }
    const means = equip({ client: new Anthropic(), policy, memory: state, signal })
    return refundAgent(means, { task, order, services })
  }
}
