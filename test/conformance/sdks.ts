/** The vendors' own SDKs, by the API that they ask. An API without one is in the table with that. */
import Anthropic1 from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import Anthropic0 from 'anthropic-sdk-0'
import OpenAI6 from 'openai'
import OpenAI7 from 'openai-7'

export interface SdkAsk {
  readonly baseURL: string
  readonly fetch: typeof globalThis.fetch
  /** Called with each piece of text as it comes. */
  onText(text: string): void
}

export interface Sdk {
  readonly name: string
  readonly whole: (ask: SdkAsk) => Promise<void>
  readonly streamed: (ask: SdkAsk) => Promise<void>
}

const request = {
  model: 'claude-opus-5-5',
  max_tokens: 1024,
  tools: [{ name: 'refund', input_schema: { type: 'object' as const } }],
  messages: [{ role: 'user' as const, content: 'Refund order 42.' }],
}

function anthropic(name: string, Client: typeof Anthropic1): Sdk {
  const make = ({ baseURL, fetch }: SdkAsk) => new Client({ baseURL, fetch, apiKey: 'sk-ant-test' })
  return {
    name,
    whole: async (ask) => {
      const { content } = await make(ask).messages.create(request)
      for (const block of content) if (block.type === 'text') ask.onText(block.text)
    },
    streamed: async (ask) => {
      const stream = make(ask).messages.stream(request)
      stream.on('text', (text) => ask.onText(text))
      await stream.finalMessage()
    },
  }
}

const task = 'Refund order 42.'
const parameters = { type: 'object' as const, properties: {} }

function openaiClient(Client: typeof OpenAI6, { baseURL, fetch }: SdkAsk): OpenAI6 {
  return new Client({ baseURL: `${baseURL}/v1`, fetch, apiKey: 'sk-test' })
}

function chat(name: string, Client: typeof OpenAI6): Sdk {
  const asked = {
    model: 'gpt-5.4',
    tools: [{ type: 'function' as const, function: { name: 'refund', parameters } }],
    messages: [{ role: 'user' as const, content: task }],
  }
  return {
    name,
    whole: async (ask) => {
      const { choices } = await openaiClient(Client, ask).chat.completions.create(asked)
      ask.onText(choices[0]?.message.content ?? '')
    },
    streamed: async (ask) => {
      const stream = await openaiClient(Client, ask).chat.completions.create({ ...asked, stream: true })
      for await (const { choices } of stream) ask.onText(choices[0]?.delta.content ?? '')
    },
  }
}

function responses(name: string, Client: typeof OpenAI6): Sdk {
  const asked = {
    model: 'gpt-5.4',
    tools: [{ type: 'function' as const, name: 'refund', parameters, strict: false }],
    input: task,
  }
  return {
    name,
    whole: async (ask) => ask.onText((await openaiClient(Client, ask).responses.create(asked)).output_text),
    streamed: async (ask) => {
      const stream = await openaiClient(Client, ask).responses.create({ ...asked, stream: true })
      for await (const event of stream) if (event.type === 'response.output_text.delta') ask.onText(event.delta)
    },
  }
}

function gemini(name: string): Sdk {
  const asked = {
    model: 'gemini-3.1-pro-preview',
    contents: task,
    config: { tools: [{ functionDeclarations: [{ name: 'refund' }] }] },
  }
  const make = ({ baseURL, fetch }: SdkAsk) =>
    new GoogleGenAI({ apiKey: 'AIza-test', httpOptions: { baseUrl: baseURL, fetch } })
  return {
    name,
    whole: async (ask) => ask.onText((await make(ask).models.generateContent(asked)).text ?? ''),
    streamed: async (ask) => {
      for await (const { text } of await make(ask).models.generateContentStream(asked)) ask.onText(text ?? '')
    },
  }
}

export const sdks: Readonly<Record<string, readonly Sdk[]>> = {
  'anthropic/messages': [
    anthropic('@anthropic-ai/sdk 1', Anthropic1),
    anthropic('@anthropic-ai/sdk 0', Anthropic0 as never),
  ],
  'gemini/generate-content': [gemini('@google/genai 2')],
  'openai/chat': [chat('openai 6', OpenAI6), chat('openai 7', OpenAI7 as never)],
  'openai/responses': [responses('openai 6', OpenAI6), responses('openai 7', OpenAI7 as never)],
}
