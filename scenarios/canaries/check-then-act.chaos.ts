/** Wrong on purpose: the messenger looks whether a message was sent, then sends it; of two deliveries at once both see none. */
import { setTimeout as sleep } from 'node:timers/promises'
import { defineScenario } from 'agent-chaos'
import { mail, mailAgent } from '../notify/world.js'

/** A look into the database takes its time. */
const lookupMs = 20

export default defineScenario({
  ...mail,
  name: 'check-then-act',
  world: ({ state: { inboxes } }) => ({
    tools: {
      notify: async ({ to, text }) => {
        const received = inboxes[to] ?? []
        await sleep(lookupMs)
        if (!received.includes(text)) inboxes[to] = [...(inboxes[to] ?? []), text]
        return { sent: to }
      },
    },
  }),
  agent: mailAgent(),
  // The messenger's memory is judged by the goal: its ledger would be kept by what does it right.
  without: ['effects-exactly-once'],
  expect: { violates: 'no-invented-success' },
})
