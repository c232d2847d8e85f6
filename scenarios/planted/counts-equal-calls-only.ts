/** Wrong on purpose: it stops after three failures of one call, and a call in other words is another one. */
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { breakerTrips } from 'agent-chaos/invariants'
import { converse } from '../chat/converse.js'

interface Tools {
  post(request: { readonly text: string }): Promise<unknown>
}

const tool = { name: 'post', properties: { text: { type: 'string' } } }
const failuresMax = 3

const poster = (tellsApart: (input: Record<string, unknown>) => string) => {
  return async ({ task, tools }: AgentContext<{ posted: number }, Tools>): Promise<string> => {
    const failures = new Map<string, number>()
    const post = async (input: Record<string, unknown>) => {
      const name = tellsApart(input)
      try {
        return await tools.post({ text: String(input.text) })
      } catch (error) {
        failures.set(name, (failures.get(name) ?? 0) + 1)
        throw error
      }
    }
    const isOver = () => Math.max(...failures.values()) >= failuresMax
    const { text, failed } = await converse(task, tool, post, isOver)
    if (failed) throw new Error(text)
    return text
  }
}

export default defineScenario({
  name: 'counts-equal-calls-only',
  task: 'Post the news, and stop after three failures.',
  state: () => ({ posted: 0 }),
  world: ({ state }: WorldContext<{ posted: number }>): { tools: Tools } => ({
    tools: {
      post: async () => {
        state.posted++
      },
    },
  }),
  model: script([call('post', { text: 'The office is closed on the first Monday of next month.' }), say('Posted.')]),
  agent: poster(({ text }) => String(text)),
  goal: ({ state }) => state.posted > 0,
  invariants: [breakerTrips({ afterToolFailures: failuresMax })],
  faults: ['tool/unavailable'],
  expect: { violates: 'breaker-trips' },
  repaired: { agent: poster(() => 'any') },
})
