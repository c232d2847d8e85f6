/** The bench's agent: six calls of a model and five of a tool, on the real SDK. */
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, say, script } from 'agent-chaos'

const steps = 5
const tools: Anthropic.Tool[] = [
  { name: 'look', description: 'Looks a thing up.', input_schema: { type: 'object', properties: {} } },
]
const filler = 'The quick brown fox jumps over the lazy dog. '.repeat(10)

type Look = (input: { readonly step: number }) => Promise<unknown>

export const look: Look = async ({ step }) => ({ step, found: filler })

export async function lookUp(client: Anthropic, look: Look): Promise<Anthropic.Message> {
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: `Look things up. ${filler}` }]
  for (;;) {
    const reply = await client.messages.create({ model: 'claude-opus-5-5', max_tokens: 1_024, messages, tools })
    messages.push({ role: 'assistant', content: reply.content })
    const calls = reply.content.filter((block) => block.type === 'tool_use')
    if (calls.length === 0) return reply
    const results: Anthropic.ToolResultBlockParam[] = []
    for (const { id, input } of calls) {
      const found = await look(input as { readonly step: number })
      results.push({ type: 'tool_result', tool_use_id: id, content: JSON.stringify(found) })
    }
    messages.push({ role: 'user', content: results })
  }
}

/** In a trial: so many turns with a call of the tool, and one that ends them. `modelMs` is how long each answer of the model takes. */
export const lookingUp = (name: string, modelMs: number, turns: number = steps) =>
  defineScenario({
    name,
    task: 'Look things up.',
    state: () => ({ done: 0 }),
    world: () => ({ tools: { look } }),
    model: script([...Array.from({ length: turns }, (_, step) => call('look', { step })), say('Done.')]),
    agent: ({ tools: { look } }) => lookUp(new Anthropic(), look),
    goal: () => true,
    latency: { modelMs },
    // The agent is plain: others break it. A run in which nothing fails is to be measured.
    faults: ['definite', 'transient'],
    // None of them is to end a long conversation.
    budget: { spend: { turns: turns + 1 } },
  })

/** What a model answers in that conversation, from the request that asks it. */
export function answerTo(body: string, turns: number = steps): string {
  const { messages } = JSON.parse(body) as { readonly messages: readonly unknown[] }
  const turn = (messages.length - 1) / 2
  const isLast = turn >= turns
  return JSON.stringify({
    id: `msg_${turn}`,
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-5-5',
    content: isLast
      ? [{ type: 'text', text: 'Done.' }]
      : [{ type: 'tool_use', id: `toolu_${turn}`, name: 'look', input: { step: turn } }],
    stop_reason: isLast ? 'end_turn' : 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 100, output_tokens: 10 },
  })
}
