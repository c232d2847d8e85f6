/** OpenAI Agents on Chat Completions. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { runWithChat } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'openai-agents/run-chat',
  agent: naive(runWithChat),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(runWithChat) },
})
