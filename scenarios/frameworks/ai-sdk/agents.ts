/** Agents on the AI SDK, with the models of two vendors. */
import { anthropic } from '@ai-sdk/anthropic'
import { openai } from '@ai-sdk/openai'
import { generateText, type LanguageModel, stepCountIs, streamText, ToolLoopAgent, tool } from 'ai'
import { z } from 'zod'
import { type Ask, description } from '../desk.js'

const claude = () => anthropic('claude-opus-5-5')
const gpt = () => openai('gpt-5.4')
const gptByChat = () => openai.chat('gpt-5.4')

const inputSchema = z.object({ to: z.string(), text: z.string() })

const toolsOf = ({ send, instrument }: Ask) =>
  instrument({ send_notification: tool({ description, inputSchema, execute: (input) => send(input) }) })

const generates = (model: () => LanguageModel) => async (ask: Ask) => {
  const { task: prompt, signal: abortSignal, turnsMax = 50 } = ask
  const { text } = await generateText({
    model: model(),
    prompt,
    tools: toolsOf(ask),
    stopWhen: stepCountIs(turnsMax),
    abortSignal,
  })
  return text
}

const streams = (model: () => LanguageModel) => async (ask: Ask) => {
  const { task: prompt, signal: abortSignal, turnsMax = 50 } = ask
  const { textStream } = streamText({
    model: model(),
    prompt,
    tools: toolsOf(ask),
    stopWhen: stepCountIs(turnsMax),
    abortSignal,
  })
  let text = ''
  for await (const piece of textStream) text += piece
  return text
}

const agent = (model: () => LanguageModel) => async (ask: Ask) => {
  const { task: prompt, signal: abortSignal, turnsMax } = ask
  const own = new ToolLoopAgent({
    model: model(),
    tools: toolsOf(ask),
    ...(turnsMax && { stopWhen: stepCountIs(turnsMax) }),
  })
  const { text } = await own.generate({ prompt, abortSignal })
  return text
}

export const generateWithClaude = generates(claude)
export const streamWithClaude = streams(claude)
export const agentWithClaude = agent(claude)
export const generateWithGpt = generates(gpt)
export const streamWithGpt = streams(gpt)
export const streamWithGptByChat = streams(gptByChat)
