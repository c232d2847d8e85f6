/** Wrong on purpose: after three failures in a row it connects anew, and in the end sends all again for fear that some were lost. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'

interface Tools {
  send(message: { readonly id: string }): Promise<unknown>
}

const ids = ['1', '2', '3'] as const
const [attemptsMax, reconnectsAfter] = [6, 3]

const sender = (sendsAllAgain: boolean) => {
  return async ({ tools }: AgentContext<{ sent: string[] }, Tools>): Promise<string> => {
    let reconnected = false
    for (const id of ids) {
      for (let failures = 0; ; ) {
        try {
          await tools.send({ id })
          break
        } catch (error) {
          if (++failures === attemptsMax) throw error
          if (failures === reconnectsAfter) reconnected = true
          await sleep(1_000)
        }
      }
    }
    if (reconnected && sendsAllAgain) for (const id of ids) await tools.send({ id })
    return 'All messages are sent.'
  }
}

export default defineScenario({
  name: 'reconnect-sends-all-again',
  task: 'Send three messages.',
  state: (): { sent: string[] } => ({ sent: [] }),
  world: ({ state, effect }: WorldContext<{ sent: string[] }>): { tools: Tools } => ({
    tools: {
      send: ({ id }) =>
        effect({ kind: 'message', intent: id }, () => {
          state.sent.push(id)
        }),
    },
  }),
  model: script([say('not asked')]),
  agent: sender(true),
  goal: ({ state }) => ids.every((id) => state.sent.includes(id)),
  intents: ids.map((id) => ({ kind: 'message', id })),
  faults: ['tool/unavailable'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: sender(false) },
})
