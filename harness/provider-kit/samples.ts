/** Conversations and replies that every provider must carry, with what tends to get lost: other scripts, escapes, depth. */
import type { Conversation, Reply } from '../contracts/conversation.js'
import type { Subject } from './subject.js'

/** Ids as the simulated model gives them, with the last that differ least. */
export const modelsIds = ['A0000001aaaaBBBBccccDD', 'A0000002aaaaBBBBccccDD', 'B00010011111zzzzZZZZ99'] as const

const [first, second] = modelsIds
const input = {
  orderId: '42',
  note: 'Straße 🚚 "quoted" \\ \n naïve',
  nested: { list: [1, -2.5, null, true], empty: {} },
}

export const replies = {
  text: {
    blocks: [{ kind: 'text', text: 'Refunded ✓. 退款 🚚 Straße, "quoted", \\ and \n a line.' }],
    stop: 'end-turn',
  },
  call: { blocks: [{ kind: 'tool-call', id: first, name: 'refund', input }], stop: 'tool-use' },
  calls: {
    blocks: [
      { kind: 'text', text: 'At once, both of them.' },
      { kind: 'tool-call', id: first, name: 'refund', input },
      { kind: 'tool-call', id: second, name: 'email', input: {} },
    ],
    stop: 'tool-use',
  },
  full: { blocks: [{ kind: 'text', text: 'As far as' }], stop: 'max-tokens' },
  refused: { blocks: [{ kind: 'text', text: 'I will not.' }], stop: 'refusal' },
} as const satisfies Readonly<Record<string, Reply>>

export function question({ model }: Subject): Conversation {
  return {
    model,
    system: 'You refund. Für alle.',
    messages: [{ role: 'user', blocks: [{ kind: 'text', text: 'Refund order 42.' }] }],
    tools: ['refund', 'email'],
  }
}

/** With calls, a result, a failed one, and a further question. */
export function talk(subject: Subject): Conversation {
  const { write } = subject.provider.callIds
  const start = question(subject)
  return {
    ...start,
    messages: [
      ...start.messages,
      {
        role: 'assistant',
        blocks: [
          { kind: 'text', text: 'At once.' },
          { kind: 'tool-call', id: write(first), name: 'refund', input },
          { kind: 'tool-call', id: write(second), name: 'email', input: { to: 'Zoë' } },
        ],
      },
      {
        role: 'user',
        blocks: [
          { kind: 'tool-result', id: write(first), failed: false, text: '{"refunded":"42 🚚"}' },
          { kind: 'tool-result', id: write(second), failed: true, text: 'ETIMEDOUT' },
        ],
      },
      { role: 'assistant', blocks: [{ kind: 'text', text: 'One is left.' }] },
      { role: 'user', blocks: [{ kind: 'text', text: 'Then try that again.' }] },
    ],
  }
}
