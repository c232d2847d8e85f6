/** Wrong on purpose: results of tools are made safe for JSON, errors are not; one that holds a socket ends the loop. */
// As reported in mastra-ai/mastra PR #17295, told anew.
import { type AgentContext, call, defineScenario, personas, say, script, type WorldContext } from 'agent-chaos'
import { transientErrorsRetried } from 'agent-chaos/invariants'
import { askChat, type ChatMessage, functionOf } from './wires/openai.js'

interface Tools {
  search(input: { readonly words: string }): Promise<string>
}

const turnsMax = 8
const tools = [functionOf('search', 'words')]

/** What leads back to itself is left out. */
function safely(value: unknown): string {
  const above: unknown[] = []
  return JSON.stringify(value, function (this: unknown, _, inner: unknown) {
    while (above.length > 0 && above.at(-1) !== this) above.pop()
    if (above.includes(inner)) return undefined
    above.push(inner)
    return inner
  })
}

const searcher = (tellOfError: (error: unknown) => string) => {
  return async ({ task, tools: { search } }: AgentContext<object, Tools>): Promise<string> => {
    const messages: ChatMessage[] = [{ role: 'user', content: task }]
    let found = false
    for (let turn = 0; turn < turnsMax; turn++) {
      const { message } = await askChat(messages, tools)
      messages.push(message)
      if (!message.tool_calls) {
        if (!found) throw new Error('nothing was found')
        return message.content ?? ''
      }
      for (const { id, function: asked } of message.tool_calls) {
        const content = await search(JSON.parse(asked.arguments)).then(safely, tellOfError)
        found ||= content.includes('high water')
        messages.push({ role: 'tool', tool_call_id: id, content })
      }
    }
    throw new Error('it comes to no end')
  }
}

/** As clients of HTTP have them: the request holds the response, and that holds the request. */
function socketError(): Error {
  const request: Record<string, unknown> = { path: '/search' }
  request.response = { status: 503, request }
  return Object.assign(new Error('search is unavailable'), { status: 503, request })
}

export default defineScenario({
  name: 'an-error-that-holds-a-socket',
  task: 'When is high water?',
  state: () => ({ searches: 0 }),
  world: ({ state }: WorldContext<{ searches: number }>): { tools: Tools } => ({
    tools: {
      search: async () => {
        state.searches++
        return 'high water is at noon'
      },
    },
  }),
  model: script([call('search', { words: 'tide table' }), say('At noon.')], personas.insistent),
  agent: searcher((error) => JSON.stringify({ error, message: String(error) })),
  goal: ({ state }) => state.searches > 0,
  errors: { unavailable: socketError },
  invariants: [transientErrorsRetried()],
  faults: ['tool/unavailable', 'tool/reply-lost'],
  expect: { violates: 'transient-errors-retried' },
  repaired: { agent: searcher((error) => safely({ error, message: String(error) })) },
})
