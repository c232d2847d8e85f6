/** The vendors' own SDKs, by the API that they ask. An API without one is in the table with that. */
import Anthropic1 from '@anthropic-ai/sdk'
import Anthropic0 from 'anthropic-sdk-0'

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

export const sdks: Readonly<Record<string, readonly Sdk[]>> = {
  'anthropic/messages': [
    anthropic('@anthropic-ai/sdk 1', Anthropic1),
    anthropic('@anthropic-ai/sdk 0', Anthropic0 as never),
  ],
}
