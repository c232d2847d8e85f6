/** LangChain's createAgent, invoked. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { invokeWithClaude } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'langchain/invoke',
  agent: naive(invokeWithClaude),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(invokeWithClaude) },
})
