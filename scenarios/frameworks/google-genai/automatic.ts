/** The automatic function calling of Google's GenAI SDK. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { automatic } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'google-genai/automatic',
  agent: naive(automatic),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(automatic) },
})
