/** OpenAI Agents on Responses. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { runWithResponses } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'openai-agents/run',
  agent: naive(runWithResponses),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(runWithResponses) },
})
