/** Wrong on purpose: a helper whose model fails comes back with nothing, and nothing is told to its parent as completed. */
// As reported in gotgenes/pi-packages#889, told anew.
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, defineScenario, policy, type WorldContext } from 'agent-chaos'
import { converse } from '../chat/converse.js'

interface Tools {
  runTests(): Promise<string>
}

/** How a helper ended: it never throws. */
interface Ended {
  readonly text: string
  readonly stopReason: 'stop' | 'error'
}

const childModel = 'claude-haiku-4-5'
const childTools: Anthropic.Tool[] = [
  { name: 'runTests', description: 'Runs the tests.', input_schema: { type: 'object', properties: {} } },
]
const spawn = { name: 'spawn', properties: { prompt: { type: 'string' } } }

/** The helper: one round of its tool, and what it says of it. */
async function runChild(prompt: string, tools: Tools): Promise<Ended> {
  const client = new Anthropic({ maxRetries: 0 })
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: prompt }]
  const ask = () => client.messages.create({ model: childModel, max_tokens: 512, messages, tools: childTools })
  try {
    const { content } = await ask()
    const asked = content.find((block) => block.type === 'tool_use')
    if (!asked) throw new Error('the helper did nothing')
    const result = await tools.runTests()
    messages.push({ role: 'assistant', content })
    messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: asked.id, content: result }] })
    const text = (await ask()).content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('')
    return { text, stopReason: 'stop' }
  } catch {
    return { text: '', stopReason: 'error' }
  }
}

const parent = (tell: (ended: Ended) => string) => {
  return async ({ task, tools }: AgentContext<object, Tools>): Promise<string> => {
    const { text, failed } = await converse(task, spawn, async ({ prompt }) =>
      tell(await runChild(String(prompt), tools)),
    )
    if (failed) throw new Error(text)
    return text
  }
}

const tellEnd = ({ text }: Ended) => `completed: ${text}`

export default defineScenario({
  name: 'a-failed-child-is-completed',
  task: 'Have the tests run, and say how they went.',
  state: () => ({ runs: 0 }),
  world: ({ state }: WorldContext<{ runs: number }>): { tools: Tools } => ({
    tools: {
      runTests: async () => {
        state.runs++
        return '12 passed'
      },
    },
  }),
  model: policy(({ messages, tools: [tool = ''] }) => {
    const result = messages.at(-1)?.blocks.find((block) => block.kind === 'tool-result')
    if (result?.failed) return 'The tests could not be run.'
    if (result) return 'All tests passed.'
    return [{ kind: 'tool-call', id: '', name: tool, input: tool === 'spawn' ? { prompt: 'Run the tests.' } : {} }]
  }),
  agent: parent(tellEnd),
  goal: ({ state }) => state.runs > 0,
  faults: ['model/server-error', 'model/unavailable', 'model/connection-reset'],
  expect: { violates: 'no-invented-success' },
  repaired: {
    agent: parent((ended) => {
      if (ended.stopReason === 'error') throw new Error('the helper failed before it came to its end')
      return tellEnd(ended)
    }),
  },
})
