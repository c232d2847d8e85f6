/** A loop that runs each tool as soon as its call has come, on Anthropic's SDK. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { eager } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'anthropic-sdk/stream-eager',
  agent: naive(eager),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(eager) },
})
