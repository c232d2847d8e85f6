/** VoltAgent's agent, streamed. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { stream } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'voltagent/stream',
  agent: naive(stream),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(stream) },
})
