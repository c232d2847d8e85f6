/** Genkit's generate. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { generateWithClaude } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'genkit/generate',
  agent: naive(generateWithClaude),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(generateWithClaude) },
})
