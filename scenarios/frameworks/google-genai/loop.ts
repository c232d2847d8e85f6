/** A loop of its own on Google's GenAI SDK. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { whole } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'google-genai/loop',
  agent: naive(whole),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(whole) },
})
