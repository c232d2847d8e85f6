/** Wrong on purpose: a call that was cut at the limit of tokens runs with what can be read of its input, and the model is told that it forgot a field. */
// As reported in lobehub/lobehub PR #13817, told anew.
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { askChat, type ChatMessage, functionOf } from './wires/openai.js'

interface Tools {
  write(input: { readonly text?: string }): Promise<string>
}

const [turnsMax, cutsMax] = [30, 2]
const tools = [functionOf('write', 'text')]
const page = 'A page about the tides, and why there are two of them in a day.'

function parse(json: string): object {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}

const writer = (looksWhyItEnded: boolean) => {
  return async ({ task, tools: { write } }: AgentContext<object, Tools>): Promise<string> => {
    const messages: ChatMessage[] = [{ role: 'user', content: task }]
    let cuts = 0
    for (let turn = 0; turn < turnsMax; turn++) {
      const { message, finish_reason } = await askChat(messages, tools)
      if (looksWhyItEnded && finish_reason === 'length') {
        if (++cuts > cutsMax) throw new Error('each reply is longer than it may be')
        messages.push({ role: 'user', content: 'Your reply was cut off at its limit. Write less at once.' })
        continue
      }
      messages.push(message)
      if (!message.tool_calls) return message.content ?? ''
      for (const { id, function: asked } of message.tool_calls) {
        messages.push({ role: 'tool', tool_call_id: id, content: await write(parse(asked.arguments)) })
      }
    }
    throw new Error('it comes to no end')
  }
}

export default defineScenario({
  name: 'cut-input-told-as-a-mistake',
  task: 'Write a page about the tides.',
  state: () => ({ pages: [] as string[] }),
  world: ({ state }: WorldContext<{ pages: string[] }>): { tools: Tools } => ({
    tools: {
      write: async ({ text }) => {
        if (text === undefined) return 'The field "text" is missing.'
        state.pages.push(text)
        return 'It is written.'
      },
    },
  }),
  model: script([call('write', { text: page }), say('The page is written.')]),
  agent: writer(false),
  goal: ({ state }) => state.pages.includes(page),
  faults: ['model/max-tokens', 'model/server-error'],
  expect: { violates: 'partial-reply-not-acted-on' },
  repaired: { agent: writer(true) },
})
