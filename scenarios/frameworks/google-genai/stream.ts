/** A loop of its own over streams of Google's GenAI SDK. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { streamed } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'google-genai/stream',
  agent: naive(streamed),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(streamed) },
})
