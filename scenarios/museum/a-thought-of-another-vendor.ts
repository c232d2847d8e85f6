/** Wrong on purpose: what the first vendor's model thought goes to the second as if it had thought it, and the signature does not hold. */
// As reported in tombii/better-ccflare#52, told anew.
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { again, within } from '../small/again.js'
import { functionOf, post } from './wires/openai.js'

interface Tools {
  lookUp(word: string): Promise<string>
}

interface Call {
  readonly id: string
  readonly input: { readonly word: string }
  /** What the first vendor sealed of its thoughts. */
  readonly thought: string
}

interface Round extends Call {
  readonly result: string
}

type Thoughts = (thought: string) => Anthropic.ThinkingBlockParam[]

const turnsMax = 6
const { name, description, parameters } = functionOf('lookUp', 'word')

interface OutputItem {
  readonly type: string
  readonly call_id: string
  readonly arguments: string
  readonly encrypted_content?: string
}

async function askFirst(task: string, rounds: readonly Round[]): Promise<Call | string> {
  const items = rounds.flatMap(({ id, input, result }) => [
    { type: 'function_call', call_id: id, name, arguments: JSON.stringify(input) },
    { type: 'function_call_output', call_id: id, output: result },
  ])
  const response = await post('/v1/responses', {
    model: 'gpt-5',
    input: [{ role: 'user', content: task }, ...items],
    tools: [{ type: 'function', name, description, parameters, strict: false }],
    include: ['reasoning.encrypted_content'],
    store: false,
  })
  const { output } = (await response.json()) as { readonly output: readonly OutputItem[] }
  const asked = output.find(({ type }) => type === 'function_call')
  const thought = output.find(({ type }) => type === 'reasoning')?.encrypted_content ?? ''
  return asked ? { id: asked.call_id, input: JSON.parse(asked.arguments) as Call['input'], thought } : 'answered'
}

async function askSecond(task: string, rounds: readonly Round[], thoughts: Thoughts): Promise<Call | string> {
  const messages = rounds.flatMap(({ id, input, result, thought }): Anthropic.MessageParam[] => [
    { role: 'assistant', content: [...thoughts(thought), { type: 'tool_use', id, name, input }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: result }] },
  ])
  const { content } = await new Anthropic({ maxRetries: 0, timeout: 60_000 }).messages.create({
    model: 'claude-opus-5-5',
    max_tokens: 2_048,
    thinking: { type: 'adaptive' },
    tools: [{ name, description, input_schema: parameters as Anthropic.Tool.InputSchema }],
    messages: [{ role: 'user', content: task }, ...messages],
  })
  const asked = content.find((block) => block.type === 'tool_use')
  return asked ? { id: asked.id, input: asked.input as Call['input'], thought: '' } : 'answered'
}

const translator = (thoughts: Thoughts) => {
  return async ({ task, tools: { lookUp } }: AgentContext<object, Tools>): Promise<string> => {
    const rounds: Round[] = []
    for (let turn = 0; turn < turnsMax; turn++) {
      const fallBack = () => again(() => askSecond(task, rounds, thoughts), { times: 3 })
      const reply = await askFirst(task, rounds).catch(fallBack)
      if (typeof reply === 'string') return reply
      const found = within(30_000, lookUp(reply.input.word)).catch((error: unknown) => `failed: ${error}`)
      rounds.push({ ...reply, result: await found })
    }
    throw new Error('it comes to no end')
  }
}

export default defineScenario({
  name: 'a-thought-of-another-vendor',
  task: 'What is "fjord" in Spanish?',
  state: () => ({}),
  world: (_: WorldContext<object>): { tools: Tools } => ({ tools: { lookUp: async () => 'fiordo' } }),
  model: script([call('lookUp', { word: 'fjord' }), say('It is "fiordo".')]),
  agent: translator((signature) => (signature === '' ? [] : [{ type: 'thinking', thinking: '', signature }])),
  goal: () => true,
  faults: ['model/unavailable', 'model/overloaded', 'tool/unavailable', 'tool/slow'],
  expect: { violates: 'transcript-well-formed' },
  repaired: { agent: translator(() => []) },
})
