/** Wrong on purpose: three rooms are booked at once, and when one is refused it gives back what it has, with bookings under way. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { again } from '../small/again.js'

const rooms = ['1', '2', '3'] as const
const bookingMs = 2_000

interface Hotel {
  booked: string[]
}

interface Tools {
  book(room: string): Promise<unknown>
  giveBack(room: string): Promise<unknown>
}

const booker = (waitsForAll: boolean) => {
  return async ({ tools }: AgentContext<Hotel, Tools>): Promise<string> => {
    const got: string[] = []
    const asked = rooms.map((room) => tools.book(room).then(() => got.push(room)))
    try {
      await Promise.all(asked)
      return 'All rooms are booked.'
    } catch {
      if (waitsForAll) await Promise.allSettled(asked)
      for (const room of got) await again(() => tools.giveBack(room))
      return 'Not all of them were free, so none is booked.'
    }
  }
}

export default defineScenario({
  name: 'gives-back-with-bookings-under-way',
  task: 'Book three rooms or none.',
  state: (): Hotel => ({ booked: [] }),
  world: ({ state }: WorldContext<Hotel>): { tools: Tools } => ({
    tools: {
      book: async (room) => {
        await sleep(bookingMs)
        state.booked.push(room)
      },
      giveBack: async (room) => {
        state.booked = state.booked.filter((each) => each !== room)
      },
    },
  }),
  model: script([say('not asked')]),
  agent: booker(false),
  goal: ({ state }) => state.booked.length === 0 || state.booked.length === rooms.length,
  faults: ['tool/bad-request', 'tool/unavailable'],
  expect: { violates: 'no-invented-success' },
  repaired: { agent: booker(true) },
})
