/** Wrong on purpose: the messenger does not look at the key, and takes every delivery for a new message. */
import { defineScenario } from 'agent-chaos'
import { mail, mailAgent } from '../notify/world.js'

export default defineScenario({
  ...mail,
  name: 'duplicate-delivery',
  world: ({ state, effect }) => ({
    tools: {
      notify: ({ to, text }) =>
        effect({ kind: 'message', intent: to, payload: { to, text } }, () => {
          state.inboxes[to] = [...(state.inboxes[to] ?? []), text]
          return { sent: to }
        }),
    },
  }),
  agent: mailAgent(),
  expect: { violates: 'effects-exactly-once' },
  repaired: { world: mail.world },
})
