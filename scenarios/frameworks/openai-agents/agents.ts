/** Agents on OpenAI's Agents SDK, over Responses and over Chat Completions, whole and streamed. */
import { Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, tool } from '@openai/agents'
import OpenAI from 'openai'
import { z } from 'zod'
import { type Ask, description } from '../desk.js'

const parameters = z.object({ to: z.string(), text: z.string() })

const responses = () => new OpenAIResponsesModel(new OpenAI() as never, 'gpt-5.4')
const chat = () => new OpenAIChatCompletionsModel(new OpenAI() as never, 'gpt-5.4')

type Model = ReturnType<typeof responses | typeof chat>

function agentOf(model: Model, { send, instrument }: Ask) {
  // What is handed to `tool`, for what that gives catches errors itself.
  const definition = { name: 'send_notification', description, parameters, execute: send }
  const own = tool(instrument(definition))
  return new Agent({ name: 'Desk', instructions: 'You serve customers.', model, tools: [own] })
}

const runs = (model: () => Model) => async (ask: Ask) => {
  const { task, signal, turnsMax: maxTurns } = ask
  const { finalOutput } = await new Runner().run(agentOf(model(), ask), task, { signal, maxTurns })
  return finalOutput
}

const streams = (model: () => Model) => async (ask: Ask) => {
  const { task, signal, turnsMax: maxTurns } = ask
  const result = await new Runner().run(agentOf(model(), ask), task, { signal, maxTurns, stream: true })
  let text = ''
  for await (const piece of result.toTextStream()) text += piece
  await result.completed
  return text
}

export const runWithResponses = runs(responses)
export const streamWithResponses = streams(responses)
export const runWithChat = runs(chat)
export const streamWithChat = streams(chat)
