/** LangChain's createAgent on OpenAI's Responses, invoked. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { invokeWithGpt } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'langchain/invoke-openai',
  agent: naive(invokeWithGpt),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(invokeWithGpt) },
})
