/**
 * What the messages of a request make up: one system prompt, and messages of two sides. Apart from reading them, because
 * it is about their order alone.
 */
import type { Message } from '../../../contracts/conversation.js'
import { isInstruction, type ReadMessage } from './messages.js'

export interface ChatHistory {
  /** What stands before anything else. */
  readonly system: string
  /** Those of one side after each other are one. */
  readonly messages: readonly Message[]
}

export function historyOf(all: readonly ReadMessage[]): ChatHistory {
  const first = all.findIndex(({ role }) => !isInstruction(role))
  const instructions = first === -1 ? all : all.slice(0, first)
  const messages: Message[] = []
  for (const { message } of all.slice(instructions.length)) {
    const last = messages.at(-1)
    if (last?.role !== message.role) messages.push(message)
    else messages[messages.length - 1] = { role: last.role, blocks: [...last.blocks, ...message.blocks] }
  }
  return { system: instructions.map(textOf).join('\n'), messages }
}

function textOf({ message }: ReadMessage): string {
  return message.blocks.map((block) => (block.kind === 'other' ? String(block.content) : '')).join('\n')
}
