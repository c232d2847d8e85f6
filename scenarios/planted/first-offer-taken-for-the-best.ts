/** Wrong on purpose: the cheapest dealer has always answered first, so whoever answers first is taken for the cheapest. */
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { within } from '../small/again.js'

const offers: Readonly<Record<string, number>> = { north: 80, south: 95, west: 110 }

interface Tools {
  offer(dealer: string): Promise<{ readonly dealer: string; readonly price: number }>
  order(dealer: string): Promise<unknown>
}

const patienceMs = 15 * 60_000

type Offer = Awaited<ReturnType<Tools['offer']>>

const buyer = (choose: (offers: readonly Promise<Offer>[]) => Promise<Offer>) => {
  return async ({ tools }: AgentContext<{ ordered: string }, Tools>): Promise<string> => {
    const asked = Object.keys(offers).map((dealer) => tools.offer(dealer))
    const { dealer } = await within(patienceMs, choose(asked))
    await within(patienceMs, tools.order(dealer))
    return `It is ordered from ${dealer}, the cheapest.`
  }
}

export default defineScenario({
  name: 'first-offer-taken-for-the-best',
  task: 'Order from the cheapest dealer.',
  state: () => ({ ordered: '' }),
  world: ({ state }: WorldContext<{ ordered: string }>): { tools: Tools } => ({
    tools: {
      offer: async (dealer) => ({ dealer, price: offers[dealer] ?? Number.POSITIVE_INFINITY }),
      order: async (dealer) => {
        state.ordered = dealer
      },
    },
  }),
  model: script([say('not asked')]),
  agent: buyer((asked) => Promise.race(asked)),
  goal: ({ state }) => state.ordered === 'north',
  faults: ['tool/slow'],
  expect: { violates: 'no-invented-success' },
  repaired: {
    agent: buyer(async (asked) =>
      (await Promise.all(asked)).reduce((best, offer) => (offer.price < best.price ? offer : best)),
    ),
  },
})
