/** Wrong on purpose: it is to stop after four failures, and any success in between lets it begin to count anew. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { breakerTrips } from 'agent-chaos/invariants'

interface Tools {
  read(index: number): Promise<number>
}

const [pages, failuresMax] = [8, 4]

const reader = (resets: boolean) => {
  return async ({ tools }: AgentContext<object, Tools>): Promise<string> => {
    let failures = 0
    for (let index = 0; index < pages; ) {
      try {
        await tools.read(index)
        index++
        if (resets) failures = 0
      } catch (error) {
        if (++failures === failuresMax) throw error
        await sleep(1_000)
      }
    }
    return 'All pages are read.'
  }
}

export default defineScenario({
  name: 'success-resets-the-limit',
  task: 'Read eight pages, and stop after four failures.',
  state: () => ({}),
  world: (_: WorldContext<object>): { tools: Tools } => ({ tools: { read: async (index) => index } }),
  model: script([say('not asked')]),
  agent: reader(true),
  goal: () => true,
  invariants: [breakerTrips({ afterToolFailures: failuresMax })],
  faults: ['tool/unavailable', 'tool/exception'],
  expect: { violates: 'breaker-trips' },
  repaired: { agent: reader(false) },
})
