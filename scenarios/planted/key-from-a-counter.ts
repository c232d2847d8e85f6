/** Wrong on purpose: keys are counted up in memory, so that after a restart one key stands for two messages. */
import { defineScenario } from 'agent-chaos'
import { idempotencyKeysDisciplined } from 'agent-chaos/invariants'
import { mail, mailAgent } from '../notify/world.js'

/** The same number for the same change, until the process ends. */
function countKeys() {
  const numbers = new Map<string, number>()
  return (change: string) => {
    const number = numbers.get(change) ?? numbers.size + 1
    numbers.set(change, number)
    return `message-${number}`
  }
}

export default defineScenario({
  ...mail,
  name: 'key-from-a-counter',
  agent: (context) => mailAgent({ keyFor: countKeys() })(context),
  invariants: [idempotencyKeysDisciplined({ kinds: ['message'] })],
  expect: { violates: 'idempotency-keys-disciplined' },
  repaired: { agent: mailAgent() },
})
