/** The AI SDK's streamText, of which the text is read. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { streamWithClaude } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'ai-sdk/stream-text',
  agent: naive(streamWithClaude),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(streamWithClaude) },
})
