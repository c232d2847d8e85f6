/** Wrong on purpose: each attempt stamps the message with the time, so that a retry sends another payload under its key. */
import { defineScenario } from 'agent-chaos'
import { idempotencyKeysDisciplined } from 'agent-chaos/invariants'
import type { Message } from '../notify/agent.js'
import { mail, mailAgent } from '../notify/world.js'

const stamp = (message: Message): Message => ({ ...message, text: `${message.text} (${new Date().toISOString()})` })

export default defineScenario({
  ...mail,
  name: 'payload-changed-under-a-key',
  agent: (context) => mailAgent()({ ...context, tools: { notify: (message) => context.tools.notify(stamp(message)) } }),
  invariants: [idempotencyKeysDisciplined({ kinds: ['message'] })],
  expect: { violates: 'idempotency-keys-disciplined' },
  repaired: { agent: mailAgent() },
})
