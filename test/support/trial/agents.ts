/** Agents on the real SDK in the styles that people write them, and the scenario that all of them are run in. */
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, defineScenario, type Model, say, script } from 'agent-chaos'
import type { Fault } from 'agent-chaos/faults'

export interface Order {
  readonly orderId: string
  readonly cents: number
}

export interface Refunds {
  [orderId: string]: number
}

export interface RefundTools {
  refund(order: Order): Promise<{ refunded: string }>
}

export type Context = AgentContext<Refunds, RefundTools>
export type Agent = (context: Context) => Promise<string>
type Ask = (client: Anthropic, request: Request) => Promise<Pick<Anthropic.Message, 'content'>>
type Request = Omit<Anthropic.MessageCreateParamsNonStreaming, 'stream'>

const model = 'claude-opus-5-5'
const schema = {
  type: 'object' as const,
  properties: { orderId: { type: 'string' }, cents: { type: 'integer' } },
  required: ['orderId', 'cents'],
} satisfies Anthropic.Tool['input_schema']
export const refundTool: Anthropic.Tool = { name: 'refund', description: 'Refunds an order.', input_schema: schema }

/** A loop written by hand: ask, run the tools side by side, answer with their results. */
export const loop =
  (ask: Ask, client: () => Anthropic = () => new Anthropic(), tellError = withMark): Agent =>
  async ({ task, tools }) => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
    for (;;) {
      const reply = await ask(client(), { model, max_tokens: 1024, messages, tools: [refundTool] })
      messages.push({ role: 'assistant', content: reply.content })
      const calls = reply.content.filter((block) => block.type === 'tool_use')
      if (calls.length === 0) return textIn(reply.content)
      messages.push({ role: 'user', content: await Promise.all(calls.map((asked) => answer(asked, tools, tellError))) })
    }
  }

type ErrorResult = Pick<Anthropic.ToolResultBlockParam, 'content' | 'is_error'>

function withMark({ message }: Error): ErrorResult {
  return { content: message, is_error: true }
}

/** As many frameworks do it: in words alone. */
export function inWords({ message }: Error): ErrorResult {
  return { content: `The refund did not work out: ${message}` }
}

async function answer(
  asked: Anthropic.ToolUseBlock,
  tools: RefundTools,
  tellError: (error: Error) => ErrorResult,
): Promise<Anthropic.ToolResultBlockParam> {
  const result = { type: 'tool_result', tool_use_id: asked.id } as const
  try {
    return { ...result, content: JSON.stringify(await tools.refund(asked.input as Order)) }
  } catch (error) {
    return { ...result, ...tellError(error as Error) }
  }
}

function textIn(content: readonly { readonly type: string; readonly text?: string }[]): string {
  return content.map(({ text }) => text ?? '').join('')
}

export const create: Ask = (client, request) => client.messages.create(request)

export const finalMessage: Ask = (client, request) => client.messages.stream(request).finalMessage()

/** Listens to the events of a stream, as user interfaces do. */
export const events: Ask = (client, request) =>
  new Promise((resolve, reject) => {
    let text = ''
    client.messages
      .stream(request)
      .on('text', (delta) => {
        text += delta
      })
      .on('finalMessage', (message) => {
        if (text === textIn(message.content)) resolve(message)
        else reject(new Error(`the deltas say ${text}`))
      })
      .on('error', reject)
  })

/** Puts the answer together from the raw events, and takes the end of the stream for the end of the answer. */
export const rawEvents: Ask = async (client, request) => {
  const content: Anthropic.ContentBlock[] = []
  let json = ''
  for await (const event of await client.messages.create({ ...request, stream: true })) {
    if (event.type === 'content_block_start') {
      content[event.index] = { ...event.content_block }
      json = ''
    } else if (event.type === 'content_block_delta') {
      const block = content[event.index]
      if (event.delta.type === 'text_delta' && block?.type === 'text') block.text += event.delta.text
      if (event.delta.type === 'input_json_delta') json += event.delta.partial_json
    } else if (event.type === 'content_block_stop') {
      const block = content[event.index]
      if (block?.type === 'tool_use') block.input = JSON.parse(json || '{}')
    }
  }
  return { content }
}

/** The SDK's own loop. `thread: undefined` is its default, which continues a thread on the server. */
export const toolRunner =
  ({ thread, stream = false }: { readonly thread?: false; readonly stream?: boolean } = {}): Agent =>
  async ({ task, tools, instrument }) => {
    const [refund] = instrument([{ ...refundTool, run: runOf(tools), parse: (input: unknown) => input as Order }])
    const params = {
      model,
      max_tokens: 1024,
      messages: [{ role: 'user' as const, content: task }],
      tools: refund ? [refund] : [],
      ...(thread === false && { thread }),
    }
    const { beta } = new Anthropic()
    if (!stream) return textIn((await beta.messages.toolRunner(params).runUntilDone()).content)
    let last = ''
    for await (const streamed of beta.messages.toolRunner({ ...params, stream: true })) {
      last = textIn((await streamed.finalMessage()).content)
    }
    return last
  }

const runOf = (tools: RefundTools) => async (order: Order) => JSON.stringify(await tools.refund(order))

export const oneRefund = script([call('refund', { orderId: '42', cents: 4200 }), say('Refunded.')])
export const twoRefunds = script([
  [call('refund', { orderId: '42', cents: 4200 }), call('refund', { orderId: '43', cents: 100 })],
  say('Refunded.'),
])

export interface Settings {
  readonly transport?: 'memory' | 'loopback'
  readonly faults?: readonly Fault[]
  readonly model?: Model
  readonly goal?: (refunds: Refunds) => boolean
}

/** The scenario of one agent, and the errors that the agent ended with. */
export function refunding(
  agent: Agent,
  { model = oneRefund, goal = (refunds) => refunds['42'] === 4200, ...rest }: Settings = {},
) {
  const errors: unknown[] = []
  const scenario = defineScenario({
    name: 'refunding',
    task: 'Refund order 42 (4200 cents).',
    state: (): Refunds => ({}),
    world: ({ state, effect }) => ({
      tools: {
        refund: async ({ orderId, cents }: Order) => {
          await effect({ kind: 'refund', intent: orderId, payload: { orderId, cents } }, () => {
            state[orderId] = (state[orderId] ?? 0) + cents
          })
          return { refunded: orderId }
        },
      },
    }),
    model,
    agent: (context) =>
      agent(context).catch((error: unknown) => {
        errors.push(error)
        throw error
      }),
    goal: ({ state }) => goal(state),
    ...rest,
    budget: { spend: { turns: 20, seconds: 3_600 } },
  })
  return { scenario, errors }
}
