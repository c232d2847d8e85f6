/** Messages of two sides in turn, as the model knows a conversation. Apart, because both wires have pieces of either. */
import type { Message } from '../../contracts/conversation.js'

/** Those of one side after each other are one; all others are the very same. */
export function mergeSides(all: readonly Message[]): readonly Message[] {
  const messages: Message[] = []
  for (const message of all) {
    const last = messages.at(-1)
    if (last?.role !== message.role) messages.push(message)
    else messages[messages.length - 1] = { role: last.role, blocks: [...last.blocks, ...message.blocks] }
  }
  return messages
}
