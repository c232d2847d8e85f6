/** The AI SDK's streamText on OpenAI's Chat Completions. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { streamWithGptByChat } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'ai-sdk/stream-text-chat',
  agent: naive(streamWithGptByChat),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(streamWithGptByChat) },
})
