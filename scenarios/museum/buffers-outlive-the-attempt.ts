/** Wrong on purpose: a stream that broke is asked for again, and what comes is put behind the part that had come before. */
// As reported in endolith/open-interpreter#291, told anew.
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { again } from '../small/again.js'
import { type ChatMessage, type Delta, functionOf, streamChat } from './wires/openai.js'

interface Tools {
  run(input: { readonly code: string }): Promise<unknown>
}

const code = 'print(1)'
const turnsMax = 4
const tools = [functionOf('run', 'code')]

class Buffers {
  text = ''
  id = ''
  json = ''
  isWhole = false

  add({ delta, finish_reason }: Delta): void {
    const [asked] = delta.tool_calls ?? []
    this.text += delta.content ?? ''
    this.id ||= asked?.id ?? ''
    this.json += asked?.function?.arguments ?? ''
    this.isWhole ||= finish_reason !== null
  }
}

/** As far as it can be read. */
function parse(json: string): string {
  return /"code":\s*"([^"{]*)/.exec(json)?.[1] ?? ''
}

function parseStrictly(json: string): string {
  return (JSON.parse(json) as { readonly code: string }).code
}

const interpreter = (bufferPerAttempt: boolean) => {
  const ask = (messages: readonly ChatMessage[]): Promise<Buffers> => {
    const shared = new Buffers()
    return again(async () => {
      const buffers = bufferPerAttempt ? new Buffers() : shared
      for await (const delta of streamChat(messages, tools)) buffers.add(delta)
      if (!buffers.isWhole) throw new Error('the stream ended before the reply')
      return buffers
    })
  }
  const read = bufferPerAttempt ? parseStrictly : parse
  return async ({ task, tools: { run } }: AgentContext<object, Tools>): Promise<string> => {
    const messages: ChatMessage[] = [{ role: 'user', content: task }]
    for (let turn = 0; turn < turnsMax; turn++) {
      const { text, id, json } = await ask(messages)
      if (id === '') return text
      const asked = { id, type: 'function', function: { name: 'run', arguments: json } } as const
      messages.push({ role: 'assistant', content: text, tool_calls: [asked] })
      messages.push({ role: 'tool', tool_call_id: id, content: String(await run({ code: read(json) })) })
    }
    throw new Error('it comes to no end')
  }
}

export default defineScenario({
  name: 'buffers-outlive-the-attempt',
  task: `Run ${code}.`,
  state: () => ({ ran: [] as string[] }),
  world: ({ state, effect }: WorldContext<{ ran: string[] }>): { tools: Tools } => ({
    tools: {
      run: async ({ code: asked }) => {
        await effect({ kind: 'run', intent: asked }, () => {
          state.ran.push(asked)
        })
        return '1'
      },
    },
  }),
  model: script([call('run', { code }), say('It printed 1.')]),
  agent: interpreter(false),
  goal: ({ state }) => state.ran.join() === code,
  intents: [{ kind: 'run', id: code }],
  faults: ['model/stream-error', 'model/stream-cut', 'model/overloaded'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: interpreter(true) },
})
