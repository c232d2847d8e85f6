/**
 * A support desk: one ticket after the other, all on one error budget. As long as the model is worth its trouble it
 * answers them; while its budget is spent, and wherever it fails, a ticket goes to a person, which is slower and simpler
 * and works. A ticket that was taken up is never dropped.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { perform } from '../agent/agent.js'
import { make } from '../agent/change.js'
import type { Dependency } from '../agent/dependency.js'
import type { ErrorBudget } from '../agent/error-budget.js'
import { Failure } from '../agent/failure.js'
import { LoopBreaker } from '../agent/loop-breaker.js'
import type { Means } from '../agent/means.js'
import { defineTool, type Tool } from '../agent/tool.js'

export interface Ticket {
  readonly id: string
  readonly task: string
}

interface Keyed {
  readonly idempotencyKey?: string | undefined
}

export interface Services {
  lookup(order: { readonly orderId: string }): Promise<unknown>
  answer(answer: { readonly ticketId: string; readonly text: string } & Keyed): Promise<unknown>
  escalate(ticket: { readonly ticketId: string } & Keyed): Promise<unknown>
}

export interface DeskOptions {
  readonly services: Services
  /** Watches over the model in `means`. */
  readonly budget: ErrorBudget
  /** Tickets are taken up at this pace. */
  readonly paceMs: number
}

/** What became of the tickets, by number. */
export interface DayReport {
  readonly answered: number
  readonly escalated: number
  readonly dropped: number
}

type Fate = keyof DayReport

export class SupportDesk {
  readonly #means: Means
  readonly #options: DeskOptions
  readonly #orders: Dependency
  readonly #mailbox: Dependency
  readonly #people: Dependency

  constructor(means: Means, options: DeskOptions) {
    this.#means = means
    this.#options = options
    this.#orders = means.dependency('the order system')
    this.#mailbox = means.dependency('the mailbox')
    this.#people = means.dependency('the people at the desk')
  }

  /** Takes up every ticket that is not settled yet; after a crash, the rest of them. */
  async work(tickets: readonly Ticket[]): Promise<DayReport> {
    const fates: Fate[] = []
    for (const ticket of tickets) {
      const settled = await this.#statusOf(ticket)
      fates.push(settled ?? (await this.#means.withSpan('invoke_agent', 'support-desk', () => this.#takeUp(ticket))))
      if (!settled) await sleep(this.#options.paceMs, undefined, { signal: this.#means.signal })
    }
    const count = (fate: Fate) => fates.filter((each) => each === fate).length
    return { answered: count('answered'), escalated: count('escalated'), dropped: count('dropped') }
  }

  async #statusOf({ id }: Ticket): Promise<Fate | undefined> {
    const { journal } = this.#means
    if ((await journal.read({ kind: 'answer', id }))?.status === 'done') return 'answered'
    return (await journal.read({ kind: 'escalation', id }))?.status === 'done' ? 'escalated' : undefined
  }

  async #takeUp(ticket: Ticket): Promise<Fate> {
    if (!this.#options.budget.spent) {
      const { claim } = await perform(this.#means, {
        agent: 'ticket',
        task: ticket.task,
        wantsAnswer: false,
        tools: this.#tools(ticket),
        describeOutcome: async () =>
          (await this.#statusOf(ticket)) === 'answered' ? 'The ticket was answered.' : undefined,
      })
      if (claim === 'success') return 'answered'
    }
    return this.#escalate(ticket)
  }

  async #escalate({ id }: Ticket): Promise<Fate> {
    const { journal, policy, withSpan } = this.#means
    const send = (request: { readonly ticketId: string }, idempotencyKey?: string) =>
      this.#options.services.escalate({ ...request, idempotencyKey })
    const change = { kind: 'escalation', id, request: { ticketId: id }, by: this.#people, send }
    try {
      const hands = { journal, policy, watch: new LoopBreaker(policy) }
      await withSpan('execute_tool', 'escalate', () => make(hands, change))
      return 'escalated'
    } catch {
      return 'dropped'
    }
  }

  #tools({ id }: Ticket): readonly Tool[] {
    const { journal, policy } = this.#means
    const { services } = this.#options
    return [
      lookupTool.does((order, watch) => this.#orders.call(() => services.lookup(order), watch)),
      answerTool.does(async (request, watch) => {
        if (request.ticketId !== id) throw new Failure('NOT_ASKED_FOR', `this ticket is ${id}`, 'definite')
        const send = (answer: typeof request, idempotencyKey?: string) => services.answer({ ...answer, idempotencyKey })
        return make({ journal, policy, watch }, { kind: 'answer', id, request, by: this.#mailbox, send })
      }),
    ]
  }
}

const lookupTool = defineTool({
  name: 'lookup',
  description: 'Says how an order stands.',
  input: z.object({ orderId: z.string() }),
})
const answerTool = defineTool({
  name: 'answer',
  description: 'Sends the answer to a ticket to the customer.',
  input: z.object({ ticketId: z.string(), text: z.string().min(1) }),
})
