/** Wrong on purpose: whatever price arrives last is the price, so that a change delivered late overwrites a newer one. */
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { z } from 'zod'
import { type Outcome, perform } from '../agent/agent.js'
import { make } from '../agent/change.js'
import { Failure } from '../agent/failure.js'
import { emptyMemory, equip, type Memory } from '../agent/means.js'
import { policies } from '../agent/policy.js'
import { defineTool } from '../agent/tool.js'

/** Cents, in the order in which they are to hold. */
const prices = [2499, 1999, 1499]

interface Price {
  readonly cents: number
  /** The first price is version 1. */
  readonly version: number
}

interface Shelf extends Memory {
  shown: Price | null
}

interface Tools {
  setPrice(price: Price): Promise<unknown>
}

const priceTool = defineTool({
  name: 'set_price',
  description: 'Sets the price of the lamp.',
  input: z.object({ cents: z.int().positive() }),
})

/** Setting a price twice does no harm, so it goes without a key; `replaces` says which price stands in the end. */
const shop = (replaces: (price: Price, shown: Price | null) => boolean) => {
  return ({ state }: WorldContext<Shelf>): { tools: Tools } => ({
    tools: {
      setPrice: async (price) => {
        if (replaces(price, state.shown)) state.shown = price
        return { shown: state.shown?.cents }
      },
    },
  })
}

async function agent({ task, tools, state, signal }: AgentContext<Shelf, Tools>): Promise<Outcome> {
  const means = equip({ client: new Anthropic(), policy: policies.errand, memory: state, signal })
  const { journal, policy } = means
  const by = means.dependency('the shop')
  const tool = priceTool.does(async ({ cents }, watch) => {
    const version = prices.indexOf(cents) + 1
    if (version === 0) throw new Failure('NOT_ASKED_FOR', `the task names no price of ${cents} cents`, 'definite')
    const change = { kind: 'price', id: String(version), request: { cents, version }, by, send: tools.setPrice }
    return make({ journal, policy, watch }, change)
  })
  const describeOutcome = async () => {
    const last = await journal.read({ kind: 'price', id: String(prices.length) })
    return last?.status === 'done' ? 'The last of the prices holds.' : undefined
  }
  return perform(means, { agent: 'shopkeeper', task, tools: [tool], describeOutcome })
}

export default defineScenario({
  name: 'late-delivery-overwrites-newer',
  task: `Put the price of the lamp down step by step: to ${prices.join(', then to ')} cents.`,
  state: (): Shelf => ({ shown: null, ...emptyMemory() }),
  world: shop(() => true),
  model: script([...prices.map((cents) => call('set_price', { cents })), say('The price is down.')]),
  agent,
  goal: ({ state }) => state.shown?.cents === prices.at(-1),
  claims: ({ claim }: Outcome) => claim,
  budget: { spend: { turns: 10, seconds: 180 } },
  expect: { violates: 'no-invented-success' },
  repaired: { world: shop(({ version }, shown) => version > (shown?.version ?? 0)) },
})
