/** The customers and the messenger of the notify scenarios, and what all of these have in common. */
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, say, script, type WorldContext } from 'agent-chaos'
import type { Outcome } from '../agent/agent.js'
import { emptyMemory, equip, type Memory } from '../agent/means.js'
import { type Policy, policies } from '../agent/policy.js'
import { type Message, notifyAgent } from './agent.js'

const customers = ['ada', 'barbara', 'edsger', 'grace', 'leslie'] as const
const text = 'Your order is delayed by two days; we are sorry for that.'

export interface Mail extends Memory {
  /** What each customer has received. */
  readonly inboxes: Record<string, string[]>
}

interface Tools {
  notify(message: Message): Promise<unknown>
}

export const mail = {
  task: `Tell ${customers.join(', ')} that their orders are delayed by two days.`,
  state: (): Mail => ({ inboxes: {}, ...emptyMemory() }),
  world: ({ state, effect }: WorldContext<Mail>): { tools: Tools } => ({
    tools: {
      notify: ({ to, text, idempotencyKey }) =>
        effect({ kind: 'message', intent: to, key: idempotencyKey, payload: { to, text } }, () => {
          state.inboxes[to] = [...(state.inboxes[to] ?? []), text]
          return { sent: to }
        }),
    },
  }),
  model: script([customers.map((to) => call('notify', { to, text })), say('All five customers know.')]),
  goal: ({ state }: { readonly state: Mail }) => customers.every((to) => state.inboxes[to]?.length === 1),
  intents: customers.map((id) => ({ kind: 'message', id })),
  claims: ({ claim }: Outcome) => claim,
  budget: { reliability: 0.95, faultRate: 0.1, spend: { turns: 16, tokens: 60_000, usd: 0.5, seconds: 300 } },
}

/** The notifying agent, with parts of its policy replaced. */
export function mailAgent(changed: Partial<Policy> = {}) {
  return ({ task, tools, state, signal, observe }: AgentContext<Mail, Tools>) => {
    const means = equip({
      client: new Anthropic(),
      policy: { ...policies.round, ...changed },
      memory: state,
      signal,
      monitor: (breaker, name) => {
        if (name === 'the messenger') observe.cockatiel(breaker, 'tool:notify')
      },
    })
    return notifyAgent(means, { task, customers, send: tools.notify })
  }
}
