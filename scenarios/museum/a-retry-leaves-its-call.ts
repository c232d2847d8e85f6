/** Wrong on purpose: a step whose tool was aborted is tried again, and its call stays in the history without an answer. */
// As reported in anomalyco/opencode#10616, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { within } from '../small/again.js'

interface Tools {
  build(): Promise<string>
}

const [stepsMax, triesMax, toolMsMax] = [6, 3, 120_000]
const tools: Anthropic.Tool[] = [
  { name: 'build', description: 'Builds it.', input_schema: { type: 'object', properties: {} } },
]

type Message = Anthropic.MessageParam
type OnAbort = (messages: Message[], asked: readonly Anthropic.ToolUseBlock[]) => void

const leaveIt: OnAbort = () => {}

const answerIt: OnAbort = (messages, asked) => {
  const results = asked.map(({ id: tool_use_id }) => ({
    type: 'tool_result' as const,
    tool_use_id,
    content: 'aborted',
    is_error: true,
  }))
  messages.push({ role: 'user', content: results })
}

const coder = (onAbort: OnAbort) => {
  return async ({ task, tools: { build } }: AgentContext<object, Tools>): Promise<string> => {
    const client = new Anthropic({ maxRetries: 0, timeout: 60_000 })
    const messages: Message[] = [{ role: 'user', content: task }]
    let isBuilt = false
    const step = async (): Promise<boolean> => {
      const { content } = await client.messages.create({ model: 'claude-opus-5-5', max_tokens: 512, tools, messages })
      messages.push({ role: 'assistant', content })
      const asked = content.filter((block) => block.type === 'tool_use')
      if (asked.length === 0) return true
      try {
        const done = await Promise.all(asked.map(() => within(toolMsMax, build())))
        const results = done.map((text, at) => ({
          type: 'tool_result' as const,
          tool_use_id: asked[at]?.id ?? '',
          content: text,
        }))
        messages.push({ role: 'user', content: results })
        isBuilt = true
        return false
      } catch (error) {
        onAbort(messages, asked)
        throw error
      }
    }
    for (let steps = 0, tried = 1; steps < stepsMax; ) {
      try {
        if (await step()) break
        steps++
      } catch (error) {
        if (tried++ === triesMax) throw error
        await sleep(2_000)
      }
    }
    if (!isBuilt) throw new Error('it is not built')
    return 'It is built.'
  }
}

export default defineScenario({
  name: 'a-retry-leaves-its-call',
  task: 'Build it.',
  state: () => ({ builds: 0 }),
  world: ({ state }: WorldContext<{ builds: number }>): { tools: Tools } => ({
    tools: {
      build: async () => {
        state.builds++
        return 'built'
      },
    },
  }),
  model: script([call('build', {}), say('It is built.')]),
  agent: coder(leaveIt),
  goal: ({ state }) => state.builds > 0,
  faults: ['tool/slow', 'tool/hang', 'tool/unavailable', 'model/server-error'],
  expect: { violates: 'transcript-well-formed' },
  repaired: { agent: coder(answerIt) },
})
