/** Wrong on purpose: readings are noted as done when they are taken, and stored half a minute later; who dies between loses them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'

const [readings, collectsMs] = [4, 30_000]

interface Station {
  done: number
  stored: number[]
}

interface Tools {
  store(reading: number): Promise<unknown>
}

const station = (notesFirst: boolean) => {
  return async ({ tools, state }: AgentContext<Station, Tools>): Promise<string> => {
    while (state.done < readings) {
      const reading = state.done + 1
      if (notesFirst) state.done = reading
      await sleep(collectsMs)
      await tools.store(reading)
      state.done = reading
    }
    return 'All readings are stored.'
  }
}

export default defineScenario({
  name: 'noted-before-it-is-stored',
  task: 'Store four readings.',
  state: (): Station => ({ done: 0, stored: [] }),
  world: ({ state }: WorldContext<Station>): { tools: Tools } => ({
    tools: {
      // A reading that is stored twice is one reading.
      store: async (reading) => {
        if (!state.stored.includes(reading)) state.stored.push(reading)
      },
    },
  }),
  model: script([say('not asked')]),
  agent: station(true),
  goal: ({ state }) => state.stored.length === readings,
  faults: ['process/time-limit'],
  expect: { violates: 'no-invented-success' },
  repaired: { agent: station(false) },
})
