/** Wrong on purpose: what runs the tools in the background is awaited behind the reply, so that nobody listens where the reply is called off. */
// As reported in OpenRouterTeam/typescript-agent#113, told anew.
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { askText } from './wires/openai.js'

interface Tools {
  save(text: string): Promise<unknown>
}

interface Run {
  readonly reply: Promise<string>
  /** Runs the tools once the reply is there. */
  readonly execution: Promise<unknown>
}

function start(task: string, { save }: Tools, signal: AbortSignal): Run {
  const reply = askText(task, signal)
  return { reply, execution: reply.then((text) => save(text)) }
}

const server = (begin: typeof start) => {
  return async ({ task, tools, signal }: AgentContext<object, Tools>): Promise<string> => {
    const { reply, execution } = begin(task, tools, signal)
    const text = await reply
    await execution
    return text
  }
}

export default defineScenario({
  name: 'a-promise-that-nobody-awaits',
  task: 'Write a haiku, and save it.',
  state: () => ({ saved: '' }),
  world: ({ state }: WorldContext<{ saved: string }>): { tools: Tools } => ({
    tools: {
      save: async (text) => {
        state.saved = text
      },
    },
  }),
  model: script([say('An old silent pond.')]),
  agent: server(start),
  goal: ({ state }) => state.saved !== '',
  faults: ['process/cancel'],
  expect: { violates: 'no-unhandled-rejection' },
  repaired: {
    agent: server((...args) => {
      const run = start(...args)
      run.execution.catch(() => {})
      return run
    }),
  },
})
