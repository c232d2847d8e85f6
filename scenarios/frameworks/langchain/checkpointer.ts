/** LangChain's createAgent with a checkpointer, begun again once where it failed. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { resume } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'langchain/checkpointer',
  agent: naive(resume),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(resume) },
})
