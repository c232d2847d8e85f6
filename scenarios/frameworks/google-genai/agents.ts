/** Agents on Google's GenAI SDK: a loop of their own, and the SDK's automatic function calling. */
import { type CallableTool, type Content, type FunctionDeclaration, GoogleGenAI, type Part, Type } from '@google/genai'
import { type Ask, description } from '../desk.js'

const model = 'gemini-3.1-pro-preview'

const declaration: FunctionDeclaration = {
  name: 'send_notification',
  description,
  parameters: {
    type: Type.OBJECT,
    properties: { to: { type: Type.STRING }, text: { type: Type.STRING } },
    required: ['to', 'text'],
  },
}

type Own = Readonly<Record<string, Ask['send']>>

const loop = (isStreamed: boolean) => async (ask: Ask) => {
  const { task, send, instrument, signal: abortSignal, turnsMax = Number.POSITIVE_INFINITY } = ask
  const { models } = new GoogleGenAI({})
  const own: Own = instrument({ send_notification: send })
  const contents: Content[] = [{ role: 'user', parts: [{ text: task }] }]
  const config = { tools: [{ functionDeclarations: [declaration] }], abortSignal }
  for (let turns = 0; turns < turnsMax; turns++) {
    const parts: Part[] = []
    const params = { model, contents, config }
    if (isStreamed) {
      for await (const { candidates } of await models.generateContentStream(params))
        parts.push(...(candidates?.[0]?.content?.parts ?? []))
    } else parts.push(...((await models.generateContent(params)).candidates?.[0]?.content?.parts ?? []))
    const calls = parts.flatMap(({ functionCall }) => functionCall ?? [])
    if (calls.length === 0) return parts.map(({ text }) => text ?? '').join('')
    contents.push({ role: 'model', parts })
    const answers: Part[] = []
    for (const { id, name = '', args = {} } of calls) {
      const run = own[name] ?? (() => Promise.reject(new Error(`There is no tool ${name}.`)))
      const response = await run(args).then(
        (output) => ({ output }),
        ({ message }: Error) => ({ error: message }),
      )
      answers.push({ functionResponse: { ...(id && { id }), name, response } })
    }
    contents.push({ role: 'user', parts: answers })
  }
  throw new Error(`No answer after ${turnsMax} turns.`)
}

export const whole = loop(false)
export const streamed = loop(true)

/** The SDK calls the tool itself. */
export async function automatic({ task, send, instrument, signal: abortSignal, turnsMax }: Ask) {
  const own: CallableTool = {
    tool: async () => ({ functionDeclarations: [declaration] }),
    callTool: async (calls) =>
      Promise.all(
        calls.map(async ({ id, name = '', args = {} }) => ({
          functionResponse: { ...(id && { id }), name, response: { output: await send(args) } },
        })),
      ),
  }
  const automaticFunctionCalling = turnsMax ? { maximumRemoteCalls: turnsMax } : {}
  const config = { tools: [instrument(own)], abortSignal, automaticFunctionCalling }
  const { text } = await new GoogleGenAI({}).models.generateContent({ model, contents: task, config })
  return text
}
