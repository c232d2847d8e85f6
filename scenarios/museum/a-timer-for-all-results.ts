/** Wrong on purpose: fifty milliseconds after the calls it goes on with whatever results have come. */
// As reported in cloudflare/agents#1649, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { within } from '../small/again.js'

interface Tools {
  book(input: { readonly room: string }): Promise<unknown>
}

interface Hotel {
  readonly booked: string[]
}

const rooms = ['1', '2'] as const
const description = 'Books a room.'
const properties = { room: { type: 'string' } }
const tools: Anthropic.Tool[] = [
  { name: 'book', description, input_schema: { type: 'object', properties, required: ['room'] } },
]

const booker = (collect: (calls: readonly Promise<unknown>[]) => Promise<unknown>) => {
  return async ({ task, tools: { book } }: AgentContext<Hotel, Tools>): Promise<string> => {
    const client = new Anthropic({ maxRetries: 0 })
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
    const confirmed = new Set<string>()
    for (let turn = 0; turn < 4; turn++) {
      const { content } = await client.messages.create({ model: 'claude-opus-5-5', max_tokens: 512, tools, messages })
      messages.push({ role: 'assistant', content })
      const calls = content.filter((block) => block.type === 'tool_use')
      if (calls.length === 0 && confirmed.size < rooms.length) throw new Error('not every room is booked')
      if (calls.length === 0) return 'Both rooms are booked.'
      const results: Anthropic.ToolResultBlockParam[] = []
      const made = calls.map(async ({ id, input }) => {
        const { room } = input as { readonly room: string }
        const result = { type: 'tool_result', tool_use_id: id } as const
        try {
          await within(60_000, book({ room }))
          confirmed.add(room)
          results.push({ ...result, content: 'booked' })
        } catch (error) {
          results.push({ ...result, content: String(error), is_error: true })
        }
      })
      await collect(made)
      messages.push({ role: 'user', content: [...results] })
    }
    throw new Error('it comes to no end')
  }
}

export default defineScenario({
  name: 'a-timer-for-all-results',
  task: 'Book rooms 1 and 2.',
  state: (): Hotel => ({ booked: [] }),
  world: ({ state }: WorldContext<Hotel>): { tools: Tools } => ({
    tools: {
      book: async ({ room }) => {
        if (!state.booked.includes(room)) state.booked.push(room)
      },
    },
  }),
  model: script([rooms.map((room) => call('book', { room })), say('Both are booked.')]),
  agent: booker(() => sleep(50)),
  goal: ({ state }) => state.booked.length === rooms.length,
  faults: ['tool/slow'],
  expect: { violates: 'transcript-well-formed' },
  repaired: { agent: booker((calls) => Promise.all(calls)) },
})
