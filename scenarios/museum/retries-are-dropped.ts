/** Wrong on purpose: a delivery that says it is a retry is taken for a repetition, though the first may never have come. */
// As reported in agno-agi/agno PR #10073, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script } from 'agent-chaos'

interface Inbox {
  readonly answered: string[]
}

interface Delivery {
  readonly id: string
  readonly retry: number
}

/** The sender, as a chat service is one: without an acknowledgement it delivers again, and says so. */
const bot = (drops: (delivery: Delivery, known: boolean) => boolean) => {
  return async ({ state, instrument }: AgentContext<Inbox, object>): Promise<string> => {
    const { deliver } = instrument({
      deliver: async (delivery: Delivery) => {
        const { id } = delivery
        if (!drops(delivery, state.answered.includes(id))) state.answered.push(id)
        return 'acknowledged'
      },
    })
    for (let retry = 0; ; retry++) {
      try {
        await deliver({ id: 'event-1', retry })
        return 'The message was answered.'
      } catch (error) {
        if (retry === 3) throw error
        await sleep(3_000)
      }
    }
  }
}

export default defineScenario({
  name: 'retries-are-dropped',
  task: 'Answer each message once.',
  state: (): Inbox => ({ answered: [] }),
  model: script([say('not asked')]),
  agent: bot(({ retry }) => retry > 0),
  goal: ({ state }) => state.answered.length === 1,
  faults: ['tool/not-run', 'tool/reply-lost'],
  expect: { violates: 'no-invented-success' },
  repaired: { agent: bot((_, known) => known) },
})
