/** The tickets, the order system and the people behind the support desk, and what the scenarios about it have in common. */
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, type Conversation, call, say, script, type WorldContext } from 'agent-chaos'
import { ErrorBudget, type ErrorBudgetOptions } from '../agent/error-budget.js'
import { emptyMemory, equip, type Memory } from '../agent/means.js'
import { type Policy, policies } from '../agent/policy.js'
import { type DayReport, type Services, SupportDesk } from './agent.js'

const ticketCount = 12
const paceMs = 15_000
/** What the desk promises: every ticket is settled, and no more than these had to wait for a person. */
const escalationsMax = 2

/** More than eight failures among the last sixteen questions, and the model is left alone for three tickets. */
export const errorBudget: ErrorBudgetOptions = { target: 0.5, window: 16, recoverAfterMs: 45_000 }

const tickets = Array.from({ length: ticketCount }, (_, index) => ({
  id: `T${index + 1}`,
  task: `Ticket T${index + 1}: where is order ${1001 + index}? Look it up and answer.`,
}))

export interface Day extends Memory {
  readonly answers: Record<string, string[]>
  readonly escalations: string[]
}

function ticketIn({ messages }: Conversation) {
  const [first] = messages[0]?.blocks ?? []
  const [, ticketId = '', orderId = ''] = (first?.kind === 'text' && /(T\d+).*order (\d+)/.exec(first.text)) || []
  return { ticketId, orderId }
}

export const day = {
  task: `Settle the ${ticketCount} tickets of the day: answer them, or hand them to a person.`,
  state: (): Day => ({ answers: {}, escalations: [], ...emptyMemory() }),
  world: ({ state, effect }: WorldContext<Day>): { tools: Services } => ({
    tools: {
      lookup: async ({ orderId }) => ({ orderId, status: 'on its way' }),
      answer: ({ ticketId, text, idempotencyKey }) =>
        effect({ kind: 'answer', intent: ticketId, key: idempotencyKey, payload: { ticketId, text } }, () => {
          state.answers[ticketId] = [...(state.answers[ticketId] ?? []), text]
          return { answered: ticketId }
        }),
      escalate: ({ ticketId, idempotencyKey }) =>
        effect({ kind: 'escalation', intent: ticketId, key: idempotencyKey, payload: { ticketId } }, () => {
          state.escalations.push(ticketId)
          return { escalated: ticketId }
        }),
    },
  }),
  model: script([
    call('lookup', (conversation) => ({ orderId: ticketIn(conversation).orderId })),
    call('answer', (conversation) => ({
      ticketId: ticketIn(conversation).ticketId,
      text: 'Your order is on its way and will be with you in two days.',
    })),
    say('The customer has been told.'),
  ]),
  goal: ({ state }: { readonly state: Day }) =>
    tickets.every(({ id }) => state.answers[id] !== undefined || state.escalations.includes(id)),
  claims: ({ escalated, dropped }: DayReport) =>
    dropped > 0 ? ('failure' as const) : escalated > escalationsMax ? ('degraded' as const) : ('success' as const),
  budget: { reliability: 0.9, faultRate: 0.1, spend: { turns: 72, tokens: 200_000, usd: 2, seconds: 900 } },
}

/** The support desk, with parts of its policy or its error budget replaced. */
export function deskWith(changed: Partial<Policy> = {}, changedBudget: Partial<ErrorBudgetOptions> = {}) {
  return ({ tools, state, signal }: AgentContext<Day, Services>): Promise<DayReport> => {
    const budget = new ErrorBudget({ ...errorBudget, ...changedBudget })
    const means = equip({
      client: new Anthropic(),
      policy: { ...policies.ticket, ...changed },
      memory: state,
      signal,
      modelWatch: budget,
    })
    return new SupportDesk(means, { services: tools, budget, paceMs }).work(tickets)
  }
}
