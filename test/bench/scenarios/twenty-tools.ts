/** A trivial agent: it calls tools twenty times, and once more each that failed. */
import { defineScenario, say, script } from 'agent-chaos'

const calls = 20

/** Among so many tools, of which it calls the first. */
export function twentyTools(name: string, tools = 1) {
  return defineScenario({
    name,
    task: 'Call a tool twenty times.',
    state: () => ({ calls: 0 }),
    world: ({ state }) => {
      const call = async () => ++state.calls
      return { tools: Object.fromEntries(Array.from({ length: tools }, (_, index) => [`tool${index}`, call])) }
    },
    model: script([say('Done.')]),
    agent: async ({ tools: { tool0 } }) => {
      for (let n = 0; n < calls; n++) await tool0?.().catch(() => tool0())
    },
    goal: ({ state }) => state.calls >= calls,
    invariants: [],
  })
}
