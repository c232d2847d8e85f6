/** LangChain's createAgent on OpenAI's Responses, streamed. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { streamWithGpt } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'langchain/stream-openai',
  agent: naive(streamWithGpt),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(streamWithGpt) },
})
