/** Wrong on purpose: the key is drawn once and kept in memory alone; a crash before the answer, and the refund is a new one. */
import { randomUUID } from 'node:crypto'
import { defineScenario } from 'agent-chaos'
import { agentWith, shop } from '../refund/shop.js'

/** The same key for the same change, until the process ends. */
function drawKeys() {
  const keys = new Map<string, string>()
  return (change: string) => {
    const key = keys.get(change) ?? randomUUID()
    keys.set(change, key)
    return key
  }
}

export default defineScenario({
  ...shop,
  name: 'key-lost-in-a-crash',
  agent: (context) => agentWith({ keyFor: drawKeys() })(context),
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: agentWith({}) },
})
