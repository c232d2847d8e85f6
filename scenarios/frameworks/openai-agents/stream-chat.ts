/** OpenAI Agents on Chat Completions, streamed. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { streamWithChat } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'openai-agents/stream-chat',
  agent: naive(streamWithChat),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(streamWithChat) },
})
