/** Wrong on purpose: the wait before a retry is never told of the error; so no header is heeded, and five helpers come back on one beat. */
// As reported in Astro-Han/pawwork#1348, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, defineScenario, say, script } from 'agent-chaos'
import { backoffRespected, retriesNotInLockstep } from 'agent-chaos/invariants'
import { adviceMs } from '../agent/failure.js'

const parts = ['north', 'east', 'south', 'west', 'centre']
const [triesMax, patienceMs] = [4, 120_000]

type Delay = (attempt: number, error?: unknown) => number

const backOff: Delay = (attempt) => 1_000 * 2 ** attempt

/** As long as the server advised, and something by chance on top of it: all were advised the same. */
const heedful: Delay = (attempt, error) => Math.max(backOff(attempt), adviceMs(error)) * (1 + Math.random() / 4)

const helpers = (delay: (attempt: number, error: unknown) => number) => {
  return async (_: AgentContext<object, object>): Promise<string> => {
    const client = new Anthropic({ maxRetries: 0, timeout: 60_000 })
    const survey = async (part: string): Promise<void> => {
      const messages: Anthropic.MessageParam[] = [{ role: 'user', content: `Survey the ${part} of the town.` }]
      for (let attempt = 1; ; attempt++) {
        try {
          await client.messages.create({ model: 'claude-sonnet-5', max_tokens: 512, messages })
          return
        } catch (error) {
          const waitMs = delay(attempt, error)
          if (attempt === triesMax || waitMs > patienceMs) throw error
          await sleep(waitMs)
        }
      }
    }
    await Promise.all(parts.map(survey))
    return 'The town is surveyed.'
  }
}

export default defineScenario({
  name: 'five-on-one-beat',
  task: 'Survey the town.',
  state: () => ({}),
  model: script([say('Mostly houses.')]),
  agent: helpers((attempt) => backOff(attempt)),
  goal: () => true,
  invariants: [retriesNotInLockstep(), backoffRespected()],
  faults: ['model/rate-limited', 'model/overloaded'],
  expect: { violates: 'retries-not-in-lockstep' },
  repaired: { agent: helpers(heedful) },
  budget: { spend: { seconds: 600 } },
})
