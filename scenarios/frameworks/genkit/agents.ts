/** Agents on Genkit, with the models of two vendors. */
import { anthropic } from '@genkit-ai/anthropic'
import { googleAI } from '@genkit-ai/google-genai'
import { genkit, z } from 'genkit'
import { type Ask, description } from '../desk.js'

const inputSchema = z.object({ to: z.string(), text: z.string() })

const claude = () => ({ plugins: [anthropic()], model: anthropic.model('claude-opus-5-5') })
const gemini = () => ({ plugins: [googleAI()], model: googleAI.model('gemini-3.1-pro-preview') })

const generates = (vendor: typeof claude | typeof gemini) => async (ask: Ask) => {
  const { task: prompt, send, instrument, signal: abortSignal, turnsMax: maxTurns } = ask
  const ai = genkit(vendor() as ReturnType<typeof claude>)
  const { send_notification } = instrument({ send_notification: send })
  const own = ai.defineTool({ name: 'send_notification', description, inputSchema }, (input) =>
    send_notification(input),
  )
  const { text } = await ai.generate({ prompt, tools: [own], abortSignal, maxTurns })
  return text
}

export const generateWithClaude = generates(claude)
export const generateWithGemini = generates(gemini)
