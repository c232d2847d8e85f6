/** The loop of Anthropic's SDK. Wrong on purpose: it sends under no key, and takes the model's word for it. */
import { defineScenario } from 'agent-chaos'
import { careful, desk, naive } from '../desk.js'
import { runner } from './agents.js'

export default defineScenario({
  ...desk,
  name: 'anthropic-sdk/tool-runner',
  agent: naive(runner),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: careful(runner) },
})
