/** The AI SDK's streamText on OpenAI's Responses. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { streamWithGpt } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'ai-sdk/stream-text-openai',
  agent: naive(streamWithGpt),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(streamWithGpt) },
})
