/** Wrong on purpose: a key is drawn once for each change and kept at module level; a crash takes it, and the refund is a new one. */
import { randomUUID } from 'node:crypto'
import { defineScenario } from 'agent-chaos'
import { agentWith, shop } from '../refund/shop.js'

const keys = new Map<string, string>()

/** The same key for the same change, for as long as this module is loaded. */
function keyFor(change: string): string {
  const key = keys.get(change) ?? randomUUID()
  keys.set(change, key)
  return key
}

export default defineScenario({
  ...shop,
  name: 'key-kept-at-module-level',
  agent: agentWith({ keyFor }),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: agentWith({}) },
})
