/** The AI SDK's generateText on OpenAI's Responses. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { generateWithGpt } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'ai-sdk/generate-text-openai',
  agent: naive(generateWithGpt),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(generateWithGpt) },
})
