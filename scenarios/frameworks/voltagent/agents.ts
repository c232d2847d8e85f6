/** Agents of VoltAgent, whole and streamed. */
import { anthropic } from '@ai-sdk/anthropic'
import { Agent, createTool } from '@voltagent/core'
import { z } from 'zod'
import { type Ask, description } from '../desk.js'

const parameters = z.object({ to: z.string(), text: z.string() })

function agentOf({ send, instrument }: Ask) {
  const own = createTool({ name: 'send_notification', description, parameters, execute: (input) => send(input) })
  return new Agent({
    name: 'desk',
    instructions: 'You serve customers.',
    model: anthropic('claude-opus-5-5'),
    tools: instrument([own]),
  })
}

const boundsOf = ({ signal, turnsMax }: Ask) => ({
  ...(signal && { abortSignal: signal }),
  ...(turnsMax && { maxSteps: turnsMax }),
})

export async function generate(ask: Ask) {
  const { text } = await agentOf(ask).generateText(ask.task, boundsOf(ask))
  return text
}

export async function stream(ask: Ask) {
  const { textStream } = await agentOf(ask).streamText(ask.task, boundsOf(ask))
  let text = ''
  for await (const piece of textStream) text += piece
  return text
}
