/** Wrong on purpose: when a question to the model fails, the engine starts the whole run again, and what it had done is done again. */
// As reported in agentarea/agentarea PR #320, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { converse, type Run } from '../chat/converse.js'
import { statusOf } from '../small/again.js'

interface Tools {
  shell(input: { readonly command: string }): Promise<unknown>
}

const runsMax = 3
const command = 'npm publish'
const tool = { name: 'shell', properties: { command: { type: 'string' } } }

/** The workflow's engine: a run that fails is begun again half a minute later. */
const engine = (keeps: boolean) => {
  return async ({ task, tools }: AgentContext<object, Tools>): Promise<string> => {
    const journal = new Map<string, unknown>()
    const shell: Run = async (input) => {
      const asked = String(input.command)
      if (keeps && journal.has(asked)) return journal.get(asked)
      const result = await tools.shell({ command: asked })
      journal.set(asked, result)
      return result
    }
    for (let run = 1; ; run++) {
      try {
        return (await converse(task, tool, shell)).text
      } catch (error) {
        const isPermanent = keeps && statusOf(error) === 400
        if (isPermanent || run === runsMax) throw error
        await sleep(30_000)
      }
    }
  }
}

export default defineScenario({
  name: 'the-whole-run-is-retried',
  task: 'Publish the package.',
  state: () => ({ published: 0 }),
  world: ({ state, effect }: WorldContext<{ published: number }>): { tools: Tools } => ({
    tools: {
      shell: async () => {
        await effect({ kind: 'publish', intent: 'package' }, () => {
          state.published++
        })
        return 'published'
      },
    },
  }),
  model: script([call('shell', { command }), say('The package is published.')]),
  agent: engine(false),
  goal: ({ state }) => state.published === 1,
  intents: [{ kind: 'publish', id: 'package' }],
  faults: ['model/bad-request', 'model/server-error', 'model/overloaded', 'model/connection-reset'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: engine(true) },
})
