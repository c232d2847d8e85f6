/** Wrong on purpose: a second message of one session is put into the history while the first still waits for a tool. */
// As reported in docker/docker-agent PR #2375, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { within } from '../small/again.js'

interface Tools {
  stock(input: { readonly sku: string }): Promise<unknown>
}

const turnsMax = 6
const properties = { sku: { type: 'string' } }
const tools: Anthropic.Tool[] = [
  {
    name: 'stock',
    description: 'How many there are.',
    input_schema: { type: 'object', properties, required: ['sku'] },
  },
]

class Session {
  readonly #client = new Anthropic({ maxRetries: 0, timeout: 60_000 })
  readonly #messages: Anthropic.MessageParam[] = []
  readonly #stock: Tools['stock']

  constructor(stock: Tools['stock']) {
    this.#stock = stock
  }

  async chat(content: string): Promise<string> {
    const messages = this.#messages
    messages.push({ role: 'user', content })
    for (let turn = 0; turn < turnsMax; turn++) {
      const reply = await this.#client.messages.create({ model: 'claude-sonnet-5', max_tokens: 512, tools, messages })
      messages.push({ role: 'assistant', content: reply.content })
      const asked = reply.content.filter((block) => block.type === 'tool_use')
      if (asked.length === 0) return 'answered'
      const results = asked.map(async ({ id, input }): Promise<Anthropic.ToolResultBlockParam> => {
        const result = { type: 'tool_result', tool_use_id: id } as const
        return within(30_000, this.#stock(input as { readonly sku: string })).then(
          (count) => ({ ...result, content: String(count) }),
          (error: unknown) => ({ ...result, content: String(error), is_error: true }),
        )
      })
      messages.push({ role: 'user', content: await Promise.all(results) })
    }
    throw new Error('it comes to no end')
  }
}

/** What is asked of a session waits until it has answered what was asked before. */
class OneAtATime extends Session {
  #last: Promise<unknown> = Promise.resolve()

  override chat(content: string): Promise<string> {
    const answer = this.#last.then(() => super.chat(content))
    this.#last = answer.catch(() => {})
    return answer
  }
}

const server = (Kind: typeof Session) => {
  return async ({ tools: { stock } }: AgentContext<object, Tools>): Promise<string> => {
    const session = new Kind(stock)
    const later = sleep(600).then(() => session.chat('And do you deliver?'))
    const answers = await Promise.all([session.chat('Are there any bolts?'), later])
    return answers.join(' and ')
  }
}

export default defineScenario({
  name: 'two-messages-in-one-session',
  task: 'Answer both messages.',
  state: () => ({}),
  world: (_: WorldContext<object>): { tools: Tools } => ({ tools: { stock: async () => 12 } }),
  model: script([call('stock', { sku: 'bolts' }), say('There are 12.'), say('Yes, within the country.')]),
  agent: server(Session),
  goal: () => true,
  faults: ['tool/slow', 'tool/unavailable', 'model/server-error'],
  expect: { violates: 'transcript-well-formed' },
  repaired: { agent: server(OneAtATime) },
})
