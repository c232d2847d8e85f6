/** Wrong on purpose: where retry-after-ms is there it is taken, and one that cannot be read hides a good retry-after. */
// As reported in openclaw/openclaw PR #111353, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script } from 'agent-chaos'
import { backoffRespected } from 'agent-chaos/invariants'
import { adviceMs, kindOf } from '../agent/failure.js'
import { askText, Refused } from './wires/openai.js'

const [triesMax, patienceMs] = [4, 600_000]

/** `undefined` where the header is not there. */
function ownHeaderMs(error: unknown): number | undefined {
  const text = error instanceof Refused ? error.headers.get('retry-after-ms') : null
  return text === null ? undefined : Number(text)
}

type Advised = (error: unknown) => number

/** NaN is no advice. */
const whicheverIsThere: Advised = (error) => (ownHeaderMs(error) ?? adviceMs(error)) || 0

const longestThatCanBeRead: Advised = (error) => Math.max(ownHeaderMs(error) || 0, adviceMs(error))

const poet = (advised: Advised) => {
  return async ({ task }: AgentContext<object, object>): Promise<string> => {
    for (let tried = 1; ; tried++) {
      try {
        return await askText(task)
      } catch (error) {
        const wait = Math.max(advised(error), 2_000 * 2 ** tried)
        if (kindOf(error) === 'definite' || wait > patienceMs || tried === triesMax) throw error
        await sleep(wait)
      }
    }
  }
}

export default defineScenario({
  name: 'one-header-hides-the-other',
  task: 'Write a haiku.',
  state: () => ({}),
  model: script([say('An old silent pond.')]),
  agent: poet(whicheverIsThere),
  goal: ({ result }) => typeof result === 'string',
  invariants: [backoffRespected()],
  faults: ['model/rate-limited', 'model/overloaded', 'model/unavailable'],
  expect: { violates: 'backoff-respected' },
  repaired: { agent: poet(longestThatCanBeRead) },
  budget: { spend: { seconds: 2_400 } },
})
