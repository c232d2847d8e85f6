/** Wrong on purpose: the span around a streamed reply is ended where the request fails, and behind the loop; not where the body breaks. */
// As reported in vercel/ai#20586, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { type Span, trace } from '@opentelemetry/api'
import { type AgentContext, defineScenario, say, script } from 'agent-chaos'
import { traceComplete } from 'agent-chaos/invariants'
import { withSpan } from '../agent/telemetry.js'

const triesMax = 3
const model = 'claude-opus-5-5'

type Stream = AsyncIterable<Anthropic.RawMessageStreamEvent>
/** Reads a reply inside the span, and ends it. */
type InSpan = (span: Span, open: () => Promise<Stream>, read: (stream: Stream) => Promise<string>) => Promise<string>

const whereTheRequestFails: InSpan = async (span, open, read) => {
  const stream = await open().catch((error: unknown) => {
    span.end()
    throw error
  })
  const text = await read(stream)
  span.end()
  return text
}

const inAnyCase: InSpan = async (span, open, read) => {
  try {
    return await read(await open())
  } finally {
    span.end()
  }
}

async function readText(stream: Stream): Promise<string> {
  let text = ''
  for await (const event of stream) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
    if (event.type === 'message_stop') return text
  }
  throw new Error('the stream ended before the reply')
}

const writer = (inSpan: InSpan) => {
  const streamText = (client: Anthropic, content: string): Promise<string> => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content }]
    const open = () => client.messages.create({ model, max_tokens: 512, messages, stream: true })
    return trace
      .getTracer('writer')
      .startActiveSpan('stream_text', (span) =>
        inSpan(span, open, (stream) => withSpan('chat', model, () => readText(stream))),
      )
  }
  return async ({ task }: AgentContext<object, object>): Promise<string> => {
    const client = new Anthropic({ maxRetries: 0, timeout: 60_000 })
    for (let tried = 1; ; tried++) {
      try {
        return await streamText(client, task)
      } catch (error) {
        if (tried === triesMax) throw error
        await sleep(2_000 * 2 ** tried)
      }
    }
  }
}

export default defineScenario({
  name: 'a-span-that-never-ends',
  task: 'Write a limerick.',
  state: () => ({}),
  model: script([say('There was a young agent of old, who did what it never was told.')]),
  agent: writer(whereTheRequestFails),
  goal: () => true,
  invariants: [traceComplete()],
  faults: ['model/stream-cut', 'model/stream-error', 'model/overloaded'],
  expect: { violates: 'trace-complete' },
  repaired: { agent: writer(inAnyCase) },
})
