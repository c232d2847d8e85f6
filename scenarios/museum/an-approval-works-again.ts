/** Wrong on purpose: an approval stays in the history, and with every later message what it approved is done again. */
// As reported in microsoft/agent-framework#4075, told anew.
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { askChat, type ChatMessage, functionOf, type ToolCall } from './wires/openai.js'

interface Tools {
  remove(input: { readonly folder: string }): Promise<unknown>
}

const [messagesMost, turnsMax] = [4, 6]
const tools = [functionOf('remove', 'folder')]

class Session {
  readonly #remove: Tools['remove']
  readonly #spends: boolean
  readonly #messages: ChatMessage[] = []
  readonly #results = new Map<string, string>()
  #approved: readonly ToolCall[] = []

  constructor(remove: Tools['remove'], spends: boolean) {
    this.#remove = remove
    this.#spends = spends
  }

  async send(content: string): Promise<string> {
    this.#messages.push({ role: 'user', content })
    for (let turn = 0; turn < turnsMax; turn++) {
      await this.#runApproved()
      const { message } = await askChat(this.#history(), tools)
      this.#messages.push(message)
      if (!message.tool_calls) return message.content ?? ''
      // Somebody has looked at it and agreed.
      this.#approved = [...this.#approved, ...message.tool_calls]
    }
    throw new Error('it comes to no end')
  }

  async #runApproved(): Promise<void> {
    for (const { id, function: asked } of this.#approved) {
      await this.#remove(JSON.parse(asked.arguments) as { readonly folder: string })
      this.#results.set(id, 'removed')
    }
    if (this.#spends) this.#approved = []
  }

  /** Each call with its result behind it. */
  #history(): ChatMessage[] {
    return this.#messages.flatMap((message): ChatMessage[] => {
      const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : []
      const results = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: this.#result(id) }) as const)
      return [message, ...results]
    })
  }

  #result(id: string): string {
    return this.#results.get(id) ?? ''
  }
}

const chat = (spends: boolean) => {
  return async ({ task, tools: { remove } }: AgentContext<object, Tools>): Promise<string> => {
    const session = new Session(remove, spends)
    let message = task
    for (let sent = 1; ; sent++) {
      try {
        return await session.send(message)
      } catch (error) {
        if (sent === messagesMost) throw error
        message = 'Did it work?'
      }
    }
  }
}

export default defineScenario({
  name: 'an-approval-works-again',
  task: 'Remove the folder of old drafts.',
  state: () => ({ removed: 0 }),
  world: ({ state, effect }: WorldContext<{ removed: number }>): { tools: Tools } => ({
    tools: {
      remove: ({ folder }) =>
        effect({ kind: 'remove', intent: folder }, () => {
          state.removed++
        }),
    },
  }),
  model: script([call('remove', { folder: 'drafts' }), say('It is removed.')]),
  agent: chat(false),
  goal: ({ state }) => state.removed > 0,
  intents: [{ kind: 'remove', id: 'drafts' }],
  faults: ['model/server-error', 'model/overloaded', 'model/timeout'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: chat(true) },
})
