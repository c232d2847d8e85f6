/** Wrong on purpose: the messenger looks whether a message was sent, then sends it; of two deliveries at once both see none. */
import { setTimeout as sleep } from 'node:timers/promises'
import { defineScenario } from 'agent-chaos'
import type { Message } from '../notify/agent.js'
import { type Mail, mail, mailAgent } from '../notify/world.js'

/** A look into the database takes its time. */
const lookupMs = 20

/** The messenger; `send` takes as long as a look into the database does. */
const messenger = (send: (inboxes: Mail['inboxes'], message: Message) => Promise<void>): typeof mail.world => {
  return ({ state: { inboxes } }) => ({
    tools: {
      notify: async (message) => {
        await send(inboxes, message)
        return { sent: message.to }
      },
    },
  })
}

export default defineScenario({
  ...mail,
  name: 'check-then-act',
  world: messenger(async (inboxes, { to, text }) => {
    const received = inboxes[to] ?? []
    await sleep(lookupMs)
    if (!received.includes(text)) inboxes[to] = [...(inboxes[to] ?? []), text]
  }),
  agent: mailAgent(),
  // The messenger's memory is judged by the goal: its ledger would be kept by what does it right.
  without: ['effects-exactly-once'],
  expect: { violates: 'no-invented-success' },
  repaired: {
    // Looked and done in one step, as a unique index does it: whoever comes second finds what the first one did.
    world: messenger(async (inboxes, { to, text }) => {
      await sleep(lookupMs)
      if (!inboxes[to]?.includes(text)) inboxes[to] = [...(inboxes[to] ?? []), text]
    }),
  },
})
