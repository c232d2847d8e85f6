/** Agents of LangChain, which are graphs of LangGraph's: invoked and streamed, with the models of two vendors. */
import { ChatAnthropic } from '@langchain/anthropic'
import { MemorySaver } from '@langchain/langgraph'
import { ChatOpenAI } from '@langchain/openai'
import { createAgent, tool } from 'langchain'
import { z } from 'zod'
import { type Ask, description } from '../desk.js'

const schema = z.object({ to: z.string(), text: z.string() })

const claude = () => new ChatAnthropic({ model: 'claude-opus-5-5' })
const gpt = () => new ChatOpenAI({ model: 'gpt-5.4', useResponsesApi: true })
const gptByChat = () => new ChatOpenAI({ model: 'gpt-5.4' })

type Model = ReturnType<typeof claude> | ReturnType<typeof gpt>
type Agent = ReturnType<typeof createAgent>
type Input = Parameters<Agent['invoke']>[0]

function agentOf(model: Model, { send, instrument }: Ask, more: object = {}) {
  const own = tool((input) => send(input), { name: 'send_notification', description, schema })
  return createAgent({ model, tools: instrument([own]), ...more })
}

/** A turn of the model and one of its tools are a step each. */
const boundsOf = ({ signal, turnsMax }: Ask) => ({
  ...(signal && { signal }),
  ...(turnsMax && { recursionLimit: 2 * turnsMax }),
})

const inputOf = ({ task }: Ask): Input => ({ messages: [{ role: 'user', content: task }] }) as never

const invokes = (model: () => Model) => async (ask: Ask) => {
  const { messages } = await agentOf(model(), ask).invoke(inputOf(ask), boundsOf(ask))
  return messages.at(-1)?.text
}

/** As the tokens come, as a page shows them. */
const streams = (model: () => Model) => async (ask: Ask) => {
  let text = ''
  const stream = await agentOf(model(), ask).stream(inputOf(ask), { ...boundsOf(ask), streamMode: 'messages' })
  for await (const [message] of stream) if (message.type === 'ai') text += message.text
  return text
}

export const invokeWithClaude = invokes(claude)
export const streamWithClaude = streams(claude)
export const invokeWithGpt = invokes(gpt)
export const streamWithGpt = streams(gpt)
export const streamWithGptByChat = streams(gptByChat)

/** With a checkpointer, by which a thread goes on where it was. */
export async function resume(ask: Ask) {
  const agent = agentOf(claude(), ask, { checkpointer: new MemorySaver() })
  const config = { ...boundsOf(ask), configurable: { thread_id: 'order 42' } }
  const { messages } = await agent.invoke(inputOf(ask), config).catch(() => agent.invoke(null as never, config))
  return messages.at(-1)?.text
}
