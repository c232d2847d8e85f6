/** Wrong on purpose: what the first vendor said is replayed to the second with the first one's ids, and the turn is refused. */
// As reported in Blockether/vis#152, told anew.
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { again, within } from '../small/again.js'
import { functionOf, post } from './wires/openai.js'

interface Tools {
  forecast(city: string): Promise<string>
}

/** A call, and what came of it. */
interface Round {
  readonly id: string
  readonly input: { readonly city: string }
  readonly result: string
}

type Reply = Omit<Round, 'result'> | string
type Item = (call: Omit<Round, 'result'>) => object

const turnsMax = 6
const offered = functionOf('forecast', 'city')

async function askFirst(task: string, rounds: readonly Round[]): Promise<Reply> {
  const { name, description, parameters } = offered
  const messages = rounds.flatMap(({ id, input, result }): Anthropic.MessageParam[] => [
    { role: 'assistant', content: [{ type: 'tool_use', id, name, input }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: result }] },
  ])
  const { content } = await new Anthropic({ maxRetries: 0, timeout: 60_000 }).messages.create({
    model: 'claude-opus-5-5',
    max_tokens: 512,
    tools: [{ name, description, input_schema: parameters as Anthropic.Tool.InputSchema }],
    messages: [{ role: 'user', content: task }, ...messages],
  })
  const asked = content.find((block) => block.type === 'tool_use')
  return asked ? { id: asked.id, input: asked.input as Round['input'] } : 'answered'
}

interface OutputItem {
  readonly type: string
  readonly call_id: string
  readonly arguments: string
}

async function askSecond(task: string, rounds: readonly Round[], itemOf: Item): Promise<Reply> {
  const items = rounds.flatMap(({ id, input, result }) => [
    {
      type: 'function_call',
      call_id: id,
      name: offered.name,
      arguments: JSON.stringify(input),
      ...itemOf({ id, input }),
    },
    { type: 'function_call_output', call_id: id, output: result },
  ])
  const input = [{ role: 'user', content: task }, ...items]
  const tools = [{ type: 'function', ...offered, strict: false }]
  const response = await post('/v1/responses', { model: 'gpt-5', input, tools })
  const { output } = (await response.json()) as { readonly output: readonly OutputItem[] }
  const asked = output.find(({ type }) => type === 'function_call')
  return asked ? { id: asked.call_id, input: JSON.parse(asked.arguments) as Round['input'] } : 'answered'
}

const forecaster = (itemOf: Item) => {
  return async ({ task, tools: { forecast } }: AgentContext<object, Tools>): Promise<string> => {
    const rounds: Round[] = []
    for (let turn = 0; turn < turnsMax; turn++) {
      const reply = await askFirst(task, rounds).catch(() => again(() => askSecond(task, rounds, itemOf), { times: 3 }))
      if (typeof reply === 'string') return reply
      const known = within(30_000, forecast(reply.input.city)).catch((error: unknown) => `failed: ${error}`)
      rounds.push({ ...reply, result: await known })
    }
    throw new Error('it comes to no end')
  }
}

export default defineScenario({
  name: 'ids-of-the-first-vendor',
  task: 'What is the forecast for Oslo?',
  state: () => ({}),
  world: (_: WorldContext<object>): { tools: Tools } => ({ tools: { forecast: async (city) => `fair in ${city}` } }),
  model: script([call('forecast', { city: 'Oslo' }), say('Fair.')]),
  agent: forecaster(({ id }) => ({ id })),
  goal: () => true,
  faults: ['model/unavailable', 'model/overloaded', 'tool/unavailable', 'tool/slow'],
  expect: { violates: 'transcript-well-formed' },
  repaired: { agent: forecaster(() => ({})) },
})
