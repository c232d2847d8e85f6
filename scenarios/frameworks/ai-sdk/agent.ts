/** The AI SDK's ToolLoopAgent. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { agentWithClaude } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'ai-sdk/agent',
  agent: naive(agentWithClaude),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(agentWithClaude) },
})
