/** LlamaIndex's agent on OpenAI's Chat Completions. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { runWithGpt } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'llamaindex/run-openai',
  agent: naive(runWithGpt),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(runWithGpt) },
})
