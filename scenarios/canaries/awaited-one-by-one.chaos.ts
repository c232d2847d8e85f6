/** Wrong on purpose: messages under way are awaited one by one, so that when one fails nobody listens to the others. */
import { defineScenario } from 'agent-chaos'
import { broadcast, broadcastAgent } from '../notify/broadcast.js'

export default defineScenario({
  ...broadcast,
  name: 'awaited-one-by-one',
  agent: broadcastAgent({
    settle: async (sends) => {
      for (const send of sends) await send
    },
  }),
  expect: { violates: 'no-unhandled-rejection' },
  repaired: { agent: broadcastAgent() },
})
