/**
 * Refunds an order: the amount is reserved in the books, then paid. The reservation can be taken back, so it comes first
 * and the payment last; where the payment turns out to be impossible, the reservation is released. All of it is code:
 * the model decides that a refund is due, and not in which order money moves.
 */
import { z } from 'zod'
import { type Outcome, perform } from '../agent/agent.js'
import { make } from '../agent/change.js'
import type { Watch } from '../agent/dependency.js'
import { Failure } from '../agent/failure.js'
import type { Means } from '../agent/means.js'
import type { Policy } from '../agent/policy.js'
import { defineTool } from '../agent/tool.js'

export type RefundPolicy = Policy

export interface Order {
  readonly orderId: string
  readonly cents: number
}

/** One request to a service; the same key is the same request, whatever came of it. */
type Send = (order: Order, key: string | undefined, signal: AbortSignal) => Promise<unknown>

export interface RefundServices {
  readonly pay: Send
  /** Where nothing is reserved, nothing is released. */
  readonly books?: { readonly reserve: Send; readonly release: Send }
}

export interface RefundTask {
  readonly task: string
  readonly order: Order
  readonly services: RefundServices
}

const refundTool = defineTool({
  name: 'refund',
  description: 'Refunds an order to the customer.',
  input: z.object({ orderId: z.string(), cents: z.int().positive() }),
})

export function refundAgent(means: Means, { task, order, services }: RefundTask): Promise<Outcome> {
  const { journal, policy, dependency } = means
  const { pay, books } = services
  const [payments, ledger] = [dependency('the payment service'), dependency('the books')]
  const refund = async (asked: Order, watch: Watch) => {
    // What the model makes of a task must not move other money than the task is about.
    if (asked.orderId !== order.orderId || asked.cents !== order.cents) {
      throw new Failure('NOT_ASKED_FOR', `the task is to refund ${order.cents} cents of ${order.orderId}`, 'definite')
    }
    const hands = { journal, policy, watch }
    const change = { id: order.orderId, request: order }
    if (books) await make(hands, { ...change, kind: 'reserve', by: ledger, send: books.reserve })
    return make(hands, { ...change, kind: 'refund', by: payments, send: pay })
  }
  const describeOutcome = async () => {
    const paid = (await journal.read({ kind: 'refund', id: order.orderId }))?.status === 'done'
    return paid ? `Order ${order.orderId} was refunded.` : undefined
  }
  const reversals = books ? { reserve: { kind: 'release', by: ledger, send: books.release } } : {}
  return perform(means, {
    agent: 'refund',
    task,
    tools: [refundTool.does(refund)],
    describeOutcome,
    reversals,
  })
}
