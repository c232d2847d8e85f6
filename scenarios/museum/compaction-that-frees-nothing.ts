/** Wrong on purpose: what compaction must keep is larger than the window, and it is compacted and asked again for ever. */
// As reported in anomalyco/opencode#48827, told anew.
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { statusOf } from '../small/again.js'
import { askChat, type ChatMessage, functionOf } from './wires/openai.js'

interface Tools {
  read(file: string): Promise<string>
}

const model = 'gpt-4'
const [turnsMax, keptMessages] = [12, 2]
const tools = [functionOf('read', 'file')]
const sizeOf = (messages: readonly ChatMessage[]) => JSON.stringify(messages).length

/** The last messages as they are, and the others in a few words. */
async function compact([task, ...rest]: readonly ChatMessage[]): Promise<ChatMessage[]> {
  const kept = rest.slice(-keptMessages)
  const others = JSON.stringify(rest.slice(0, -keptMessages))
  const { message } = await askChat([{ role: 'user', content: `Sum this up: ${others}` }], [], model)
  return [...(task ? [task] : []), { role: 'user', content: `So far: ${message.content}` }, ...kept]
}

const coder = (futileMost: number) => {
  return async ({ task, tools: { read } }: AgentContext<object, Tools>): Promise<string> => {
    let messages: ChatMessage[] = [{ role: 'user', content: task }]
    let futile = 0
    for (let turn = 0; turn < turnsMax; ) {
      const reply = await askChat(messages, tools, model).catch((error: unknown) => {
        if (statusOf(error) !== 400) throw error
      })
      if (!reply) {
        const smaller = await compact(messages)
        futile = sizeOf(smaller) < sizeOf(messages) / 2 ? 0 : futile + 1
        if (futile > futileMost) throw new Error('the last messages are larger than the window')
        messages = smaller
        continue
      }
      turn++
      messages.push(reply.message)
      if (!reply.message.tool_calls) return reply.message.content ?? ''
      for (const { id, function: asked } of reply.message.tool_calls) {
        const { file } = JSON.parse(asked.arguments) as { readonly file: string }
        messages.push({ role: 'tool', tool_call_id: id, content: await read(file) })
      }
    }
    throw new Error('the model comes to no end')
  }
}

export default defineScenario({
  name: 'compaction-that-frees-nothing',
  task: 'Read the log, and say what went wrong.',
  state: () => ({}),
  world: (_: WorldContext<object>): { tools: Tools } => ({ tools: { read: async () => 'disk full' } }),
  model: script([call('read', { file: 'app.log' }), say('The disk was full.')]),
  agent: coder(Number.POSITIVE_INFINITY),
  goal: () => true,
  faults: ['tool/oversized-result', 'model/server-error', 'model/looping'],
  expect: { violates: 'terminates' },
  repaired: { agent: coder(1) },
})
