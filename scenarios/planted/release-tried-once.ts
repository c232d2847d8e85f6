/** Wrong on purpose: a seat that cannot be paid for is given back in one try, and whether that worked is not looked at. */
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { again } from '../small/again.js'

interface Seat {
  held: boolean
  paid: boolean
}

interface Tools {
  reserve(): Promise<unknown>
  pay(): Promise<unknown>
  release(): Promise<unknown>
}

const booker = (giveBack: (release: () => Promise<unknown>) => Promise<unknown>) => {
  return async ({ tools }: AgentContext<Seat, Tools>): Promise<string> => {
    await again(tools.reserve)
    try {
      await again(tools.pay)
      return 'The seat is booked.'
    } catch {
      await giveBack(tools.release)
      return 'It could not be paid for, and is given back.'
    }
  }
}

export default defineScenario({
  name: 'release-tried-once',
  task: 'Book seat 7, or leave it to others.',
  state: (): Seat => ({ held: false, paid: false }),
  world: ({ state }: WorldContext<Seat>): { tools: Tools } => ({
    tools: {
      reserve: async () => {
        state.held = true
      },
      pay: async () => {
        state.paid = true
      },
      release: async () => {
        state.held = false
      },
    },
  }),
  model: script([say('not asked')]),
  agent: booker((release) => release().catch(() => {})),
  goal: ({ state }) => state.paid || !state.held,
  faults: ['tool/bad-request', 'tool/unavailable'],
  expect: { violates: 'no-invented-success' },
  repaired: { agent: booker((release) => again(release)) },
})
