/**
 * Tells customers something, each of them once: a key per customer, so that a message that may have gone out is sent
 * again under the same key and in the same words, and never as a new one.
 */
import { z } from 'zod'
import { type Outcome, perform } from '../agent/agent.js'
import { make } from '../agent/change.js'
import { Failure } from '../agent/failure.js'
import type { Means } from '../agent/means.js'
import { defineTool } from '../agent/tool.js'

export interface Message {
  readonly to: string
  readonly text: string
  readonly idempotencyKey?: string | undefined
}

export interface Notification {
  readonly task: string
  readonly customers: readonly string[]
  readonly send: (message: Message) => Promise<unknown>
  /** To whom the model may have a message sent; by default to those whom the task is about. */
  readonly mayWriteTo?: (customer: string) => boolean
}

const notify = defineTool({
  name: 'notify',
  description: 'Sends a message to one customer.',
  input: z.object({ to: z.string(), text: z.string().min(1) }),
})

export function notifyAgent(means: Means, notification: Notification): Promise<Outcome> {
  const { task, customers, send, mayWriteTo = (customer) => customers.includes(customer) } = notification
  const { journal, policy, dependency } = means
  const messenger = dependency('the messenger')
  const tool = notify.does(async (request, watch) => {
    // What a tool answers may tell the model to write to somebody else, and models do as they are told.
    if (!mayWriteTo(request.to)) throw new Failure('NOT_ASKED_FOR', `${request.to} is not concerned`, 'definite')
    return make(
      { journal, policy, watch },
      {
        kind: 'message',
        id: request.to,
        request,
        by: messenger,
        send: (message, idempotencyKey) => send({ ...message, idempotencyKey }),
      },
    )
  })
  const describeOutcome = async () => {
    const entries = await Promise.all(customers.map((id) => journal.read({ kind: 'message', id })))
    return entries.every((entry) => entry?.status === 'done') ? `${customers.length} customers were told.` : undefined
  }
  return perform(means, { agent: 'notify', task, tools: [tool], describeOutcome })
}
