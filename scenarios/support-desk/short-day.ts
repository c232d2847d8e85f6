/**
 * Five tickets of the support desk's day, for planted bugs about what lasts longer than a ticket. Apart, because a whole day
 * is more than it takes to catch them.
 */
import Anthropic from '@anthropic-ai/sdk'
import type { AgentContext } from 'agent-chaos'
import { ErrorBudget, type ErrorBudgetOptions } from '../agent/error-budget.js'
import { equip } from '../agent/means.js'
import { policies } from '../agent/policy.js'
import { type DayReport, type Services, SupportDesk } from './agent.js'
import { type Day, day } from './world.js'

const paceMs = 15_000

/** Fewer questions, and so a smaller budget: more than four failures among the last eight spend it. */
export const shortBudget: ErrorBudgetOptions = { target: 0.5, window: 8, recoverAfterMs: 45_000 }

const tickets = Array.from({ length: 5 }, (_, index) => ({
  id: `T${index + 1}`,
  task: `Ticket T${index + 1}: where is order ${1001 + index}? Look it up and answer.`,
}))

export const shortDay = {
  ...day,
  task: `Settle the ${tickets.length} tickets of the day: answer them, or hand them to a person.`,
  goal: ({ state }: { readonly state: Day }) =>
    tickets.every(({ id }) => state.answers[id] !== undefined || state.escalations.includes(id)),
}

/** The support desk on these tickets; right as it stands, without options. */
export function shortDayDesk(changed: Partial<ErrorBudgetOptions> = {}) {
  return ({ tools: services, state, signal }: AgentContext<Day, Services>): Promise<DayReport> => {
    const budget = new ErrorBudget({ ...shortBudget, ...changed })
    const client = new Anthropic()
    const means = equip({ client, policy: policies.ticket, memory: state, signal, modelWatch: budget })
    return new SupportDesk(means, { services, budget, paceMs }).work(tickets)
  }
}
