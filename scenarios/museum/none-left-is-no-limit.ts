/** Wrong on purpose: what is left of the budget is handed on to a helper, and the helper takes nothing left for no limit. */
// As reported in the review of opensearch-project/ml-commons PR #4820, told anew.
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'

interface Tools {
  search(): Promise<unknown>
}

const [triesInAll, wanted] = [4, 2]

/** Searches until it has what is wanted; each search counts, and so does one that fails. */
async function help(search: () => Promise<unknown>, limit: number, readsZero: boolean): Promise<number> {
  const most = readsZero ? limit : limit || 100
  let found = 0
  for (let tries = 0; found < wanted; tries++) {
    if (tries >= most) throw new Error('the budget is spent')
    await search().then(
      () => found++,
      () => {},
    )
  }
  return found
}

const parent = (readsZero: boolean) => {
  return async ({ tools, state }: AgentContext<{ tries: number }, Tools>): Promise<string> => {
    let left = triesInAll
    const search = () => {
      left = Math.max(0, left - 1)
      return tools.search()
    }
    const first = await help(search, left, true).catch(() => 0)
    const second = await help(search, left, readsZero)
    return `Found ${first + second} things in ${state.tries} searches.`
  }
}

export default defineScenario({
  name: 'none-left-is-no-limit',
  task: 'Find four things in four searches at most, or say that it cannot be done.',
  state: () => ({ tries: 0 }),
  world: ({ state }: WorldContext<{ tries: number }>): { tools: Tools } => ({
    tools: {
      search: async () => {
        state.tries++
      },
    },
  }),
  model: script([say('not asked')]),
  agent: parent(false),
  goal: ({ state, events }) => state.tries > 0 && events.filter(({ kind }) => kind === 'call').length <= triesInAll,
  faults: ['tool/unavailable'],
  expect: { violates: 'no-invented-success' },
  repaired: { agent: parent(true) },
})
