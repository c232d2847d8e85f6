/** Genkit's generate on Gemini. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { generateWithGemini } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'genkit/generate-gemini',
  agent: naive(generateWithGemini),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(generateWithGemini) },
})
