/** Wrong on purpose: a page counts as soon as it comes, so that one asked for again, and late the first time, counts twice. */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { z } from 'zod'
import { type Outcome, perform } from '../agent/agent.js'
import { make } from '../agent/change.js'
import { emptyMemory, equip, type Memory } from '../agent/means.js'
import { policies } from '../agent/policy.js'
import { defineTool } from '../agent/tool.js'

/** Sales by page of the journal. */
const pages = [1240, 980, 1775, 1102] as const
/** Reading a page takes its time. */
const pageMs = 2_000
const total = { kind: 'report', id: 'total' } as const

interface Books extends Memory {
  readonly reported: number[]
}

interface Tools {
  page(index: number): Promise<number>
  report(request: { readonly sum: number; readonly idempotencyKey?: string | undefined }): Promise<unknown>
}

/** Asks for a page, again where that takes too long, and adds what it says to `sums`. */
type Count = (
  sums: number[],
  ask: <T>(work: () => Promise<T>) => Promise<T>,
  page: () => Promise<number>,
) => Promise<void>

const sumTool = defineTool({ name: 'report_sales', description: 'Adds up and reports the sales.', input: z.object({}) })

const agentThat = (count: Count) => {
  return ({ task, tools, state, signal }: AgentContext<Books, Tools>): Promise<Outcome> => {
    const means = equip({ client: new Anthropic(), policy: policies.errand, memory: state, signal })
    const { journal, policy } = means
    const [books, desk] = [means.dependency('the books'), means.dependency('the desk')]
    const tool = sumTool.does(async (_, watch) => {
      const sums: number[] = []
      for (const index of pages.keys()) {
        await count(
          sums,
          (work) => books.call(work, watch),
          () => tools.page(index),
        )
      }
      const sum = sums.reduce((before, each) => before + each, 0)
      const send = (request: { readonly sum: number }, idempotencyKey?: string) =>
        tools.report({ ...request, idempotencyKey })
      return make({ journal, policy, watch }, { ...total, request: { sum }, by: desk, send })
    })
    const describeOutcome = async () =>
      (await journal.read(total))?.status === 'done' ? 'It was reported.' : undefined
    return perform(means, { agent: 'bookkeeper', task, tools: [tool], describeOutcome })
  }
}

export default defineScenario({
  name: 'applies-an-abandoned-result',
  task: 'Add up the sales on all pages and report the sum.',
  state: (): Books => ({ reported: [], ...emptyMemory() }),
  world: ({ state, effect }: WorldContext<Books>): { tools: Tools } => ({
    tools: {
      page: async (index) => {
        await sleep(pageMs)
        return pages[index] ?? 0
      },
      report: ({ sum, idempotencyKey }) =>
        effect({ kind: total.kind, intent: total.id, key: idempotencyKey, payload: { sum } }, () => {
          state.reported.push(sum)
        }),
    },
  }),
  model: script([call('report_sales', {}), say('The sum is reported.')]),
  agent: agentThat((sums, ask, page) =>
    ask(async () => {
      sums.push(await page())
    }),
  ),
  goal: ({ state }) => state.reported.length === 1 && state.reported[0] === pages.reduce((sum, each) => sum + each, 0),
  intents: [total],
  claims: ({ claim }: Outcome) => claim,
  budget: { spend: { turns: 10, seconds: 180 } },
  expect: { violates: 'no-invented-success' },
  repaired: {
    agent: agentThat(async (sums, ask, page) => {
      sums.push(await ask(page))
    }),
  },
})
