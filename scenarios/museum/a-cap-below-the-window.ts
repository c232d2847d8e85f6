/** Wrong on purpose: the wait that the server advises is capped at two minutes, so that the agent is back before the window ends. */
// As reported in NousResearch/hermes-agent#26293, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script } from 'agent-chaos'
import { backoffRespected } from 'agent-chaos/invariants'
import { adviceMs } from '../agent/failure.js'
import { askText } from './wires/openai.js'

const [triesMax, capMs, patienceMs] = [3, 120_000, 600_000]

const poet = (waitFor: (advised: number) => number | undefined) => {
  return async ({ task }: AgentContext<object, object>): Promise<string> => {
    for (let tried = 1; ; tried++) {
      try {
        return await askText(task)
      } catch (error) {
        const wait = waitFor(adviceMs(error))
        if (tried === triesMax || wait === undefined) throw error
        await sleep(Math.max(wait, 2_000 * 2 ** tried))
      }
    }
  }
}

export default defineScenario({
  name: 'a-cap-below-the-window',
  task: 'Write a haiku.',
  state: () => ({}),
  model: script([say('An old silent pond.')]),
  agent: poet((advised) => Math.min(advised, capMs)),
  goal: ({ result }) => typeof result === 'string',
  invariants: [backoffRespected()],
  faults: ['model/rate-limited', 'model/overloaded', 'model/unavailable'],
  expect: { violates: 'backoff-respected' },
  repaired: { agent: poet((advised) => (advised > patienceMs ? undefined : advised)) },
  budget: { spend: { seconds: 1_800 } },
})
