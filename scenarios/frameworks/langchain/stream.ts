/** LangChain's createAgent, streamed. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { streamWithClaude } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'langchain/stream',
  agent: naive(streamWithClaude),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(streamWithClaude) },
})
