/** Agents of Strands. */
import { Agent, tool } from '@strands-agents/sdk'
import { AnthropicModel } from '@strands-agents/sdk/models/anthropic'
import { z } from 'zod'
import { type Ask, description } from '../desk.js'

const inputSchema = z.object({ to: z.string(), text: z.string() })

function agentOf({ send, instrument }: Ask) {
  // What is handed to `tool`, for what that gives catches errors itself.
  const definition = { name: 'send_notification', description, inputSchema, callback: send }
  const own = tool(instrument(definition))
  const model = new AnthropicModel({ modelId: 'claude-opus-5-5', maxTokens: 1024 })
  return new Agent({ model, tools: [own], printer: false })
}

const boundsOf = ({ signal, turnsMax }: Ask) => ({
  ...(signal && { cancelSignal: signal }),
  ...(turnsMax && { limits: { turns: turnsMax } }),
})

export async function invoke(ask: Ask) {
  return (await agentOf(ask).invoke(ask.task, boundsOf(ask))).toString()
}

export async function stream(ask: Ask) {
  let last: unknown
  for await (const event of agentOf(ask).stream(ask.task, boundsOf(ask))) last = event
  return last
}
