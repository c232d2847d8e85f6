/** Wrong on purpose: whatever the model says in the end is told as done, and a model may say that it gives up. */
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { converse } from '../chat/converse.js'

interface Tools {
  book(request: { readonly room: string }): Promise<unknown>
}

const tool = { name: 'book', properties: { room: { type: 'string' } } }

const booker = (looksAtFailures: boolean) => {
  return async ({ task, tools }: AgentContext<{ booked: boolean }, Tools>): Promise<string> => {
    const { text, failed } = await converse(task, tool, ({ room }) => tools.book({ room: String(room) }))
    if (failed && looksAtFailures) throw new Error(text)
    return text
  }
}

export default defineScenario({
  name: 'takes-a-no-for-done',
  task: 'Book room 7.',
  state: () => ({ booked: false }),
  world: ({ state }: WorldContext<{ booked: boolean }>): { tools: Tools } => ({
    tools: {
      book: async () => {
        state.booked = true
      },
    },
  }),
  model: script([call('book', { room: '7' }), say('Booked.')]),
  agent: booker(false),
  goal: ({ state }) => state.booked,
  claims: () => 'success',
  faults: ['tool/unavailable'],
  expect: { violates: 'no-invented-success' },
  repaired: { agent: booker(true) },
})
