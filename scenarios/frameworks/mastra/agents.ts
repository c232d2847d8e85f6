/** Agents of Mastra, whole and streamed. */
import { anthropic } from '@ai-sdk/anthropic'
import { Agent } from '@mastra/core/agent'
import { createTool } from '@mastra/core/tools'
import { z } from 'zod'
import { type Ask, description } from '../desk.js'

const inputSchema = z.object({ to: z.string(), text: z.string() })

type Message = z.infer<typeof inputSchema>

function agentOf({ send, instrument }: Ask) {
  // Mastra 1 hands over the input itself, and Mastra 0 as a field of the context.
  const execute = (input: Message | { context: Message }) => send('context' in input ? input.context : input)
  const own = createTool({ id: 'send_notification', description, inputSchema, execute })
  return new Agent({
    name: 'desk',
    instructions: 'You serve customers.',
    model: anthropic('claude-opus-5-5'),
    tools: instrument({ send_notification: own }),
  })
}

const boundsOf = ({ signal, turnsMax }: Ask) => ({
  ...(signal && { abortSignal: signal }),
  ...(turnsMax && { maxSteps: turnsMax }),
})

export async function generate(ask: Ask) {
  const { text } = await agentOf(ask).generate(ask.task, boundsOf(ask))
  return text
}

export async function stream(ask: Ask) {
  const { textStream } = await agentOf(ask).stream(ask.task, boundsOf(ask))
  let text = ''
  for await (const piece of textStream) text += piece
  return text
}
