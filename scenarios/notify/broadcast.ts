/**
 * Telling all customers at once, by one call of one tool. Apart, because what goes wrong between calls that run side by
 * side needs an agent that makes them side by side.
 */
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, say, script } from 'agent-chaos'
import { z } from 'zod'
import { perform } from '../agent/agent.js'
import { make } from '../agent/change.js'
import { equip } from '../agent/means.js'
import { type Policy, policies } from '../agent/policy.js'
import { defineTool } from '../agent/tool.js'
import type { Message } from './agent.js'
import { type Mail, mail } from './world.js'

const customers = mail.intents.map(({ id }) => id)

export const broadcast = {
  ...mail,
  model: script([
    call('notify_all', { text: 'Your order is delayed by two days; we are sorry for that.' }),
    say('All five customers know.'),
  ]),
}

interface Tools {
  notify(message: Message): Promise<unknown>
}

export interface Sending {
  /** How messages under way are waited for. */
  readonly settle?: (sends: readonly Promise<unknown>[]) => Promise<unknown>
  /** What each delivery goes through. */
  readonly guard?: <T>(deliver: () => Promise<T>) => Promise<T>
  readonly policy?: Partial<Policy>
}

const notifyAll = defineTool({
  name: 'notify_all',
  description: 'Sends a message to all customers.',
  input: z.object({ text: z.string().min(1) }),
})

/** Waits for every one, and then fails as the first that failed. */
async function settleAll(sends: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(sends)).find((send) => send.status === 'rejected')
  if (failed) throw failed.reason
}

/** The agent that notifies all at once; right as it stands, without options. */
export function broadcastAgent({ settle = settleAll, guard = (deliver) => deliver(), policy: changed }: Sending = {}) {
  return ({ task, tools, state, signal }: AgentContext<Mail, Tools>) => {
    const policy = { ...policies.round, ...changed }
    const means = equip({ client: new Anthropic(), policy, memory: state, signal })
    const { journal } = means
    const by = means.dependency('the messenger')
    const deliver = (message: Message, idempotencyKey?: string) =>
      guard(() => tools.notify({ ...message, idempotencyKey }))
    const tool = notifyAll.does(async ({ text }, watch) => {
      const change = (to: string) => ({ kind: 'message', id: to, request: { to, text }, by, send: deliver })
      await settle(customers.map((to) => make({ journal, policy, watch }, change(to))))
      return { sent: customers.length }
    })
    const describeOutcome = async () => {
      const entries = await journal.entries()
      const notified = entries.filter(({ status }) => status === 'done').length
      return notified === customers.length ? 'All customers were told.' : undefined
    }
    return perform(means, { agent: 'broadcast', task, tools: [tool], describeOutcome })
  }
}
