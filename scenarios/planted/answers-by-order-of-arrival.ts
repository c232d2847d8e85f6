/** Wrong on purpose: three prices are asked for at once, and the first that comes is taken for that of the first article. */
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'

const prices: Readonly<Record<string, number>> = { lamp: 30, desk: 120, chair: 75 }

interface Tools {
  price(article: string): Promise<number>
  publish(list: Readonly<Record<string, number>>): Promise<unknown>
}

interface Shop {
  list: Readonly<Record<string, number>>
}

const clerk = (byArrival: boolean) => {
  return async ({ tools }: AgentContext<Shop, Tools>): Promise<string> => {
    const articles = Object.keys(prices)
    const arrived: number[] = []
    const asked = await Promise.all(
      articles.map(async (article) => {
        const price = await tools.price(article)
        arrived.push(price)
        return price
      }),
    )
    const found = byArrival ? arrived : asked
    await tools.publish(Object.fromEntries(articles.map((article, index) => [article, found[index] ?? 0])))
    return 'The list is out.'
  }
}

export default defineScenario({
  name: 'answers-by-order-of-arrival',
  task: 'Publish the price list.',
  state: (): Shop => ({ list: {} }),
  world: ({ state }: WorldContext<Shop>): { tools: Tools } => ({
    tools: {
      price: async (article) => prices[article] ?? 0,
      publish: async (list) => {
        state.list = list
      },
    },
  }),
  model: script([say('not asked')]),
  agent: clerk(true),
  goal: ({ state }) => Object.entries(prices).every(([article, price]) => state.list[article] === price),
  faults: ['tool/slow', 'tool/unavailable'],
  expect: { violates: 'no-invented-success' },
  repaired: { agent: clerk(false) },
})
