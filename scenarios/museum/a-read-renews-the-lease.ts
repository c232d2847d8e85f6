/** Wrong on purpose: each call that is sent elsewhere notes once more that the primary was left, so that it never comes back. */
// As reported in the review of HybridAIOne/hybridclaw PR #413, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { breakerRecovers } from 'agent-chaos/invariants'

interface Tools {
  primary(task: number): Promise<unknown>
  fallback(task: number): Promise<unknown>
}

const [tasks, everyMs, coolDownMs] = [20, 10_000, 30_000]

const router = (renews: boolean) => {
  return async ({ tools }: AgentContext<object, Tools>): Promise<string> => {
    let leftUntil = 0
    const leave = () => {
      leftUntil = Date.now() + coolDownMs
    }
    for (let task = 0; task < tasks; task++) {
      if (Date.now() < leftUntil) {
        if (renews) leave()
        await tools.fallback(task)
      } else {
        await tools.primary(task).catch(async () => {
          leave()
          await tools.fallback(task)
        })
      }
      await sleep(everyMs)
    }
    return 'All tasks are done.'
  }
}

export default defineScenario({
  name: 'a-read-renews-the-lease',
  task: 'Do twenty tasks.',
  state: () => ({}),
  world: (_: WorldContext<object>): { tools: Tools } => ({
    tools: { primary: async (task) => task, fallback: async (task) => task },
  }),
  model: script([say('not asked')]),
  agent: router(true),
  goal: () => true,
  invariants: [
    breakerRecovers({
      dependencies: [
        {
          site: 'tool:primary',
          trips: { kind: 'consecutive', failures: 1 },
          resetAfterMs: coolDownMs,
          fallback: ['tool:fallback'],
        },
      ],
    }),
  ],
  faults: ['tool/unavailable', 'tool/exception'],
  budget: { spend: { seconds: 600 } },
  expect: { violates: 'breaker-recovers' },
  repaired: { agent: router(false) },
})
