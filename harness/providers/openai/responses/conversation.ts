/**
 * What the items of a conversation make up: one system prompt, and messages of two sides. Apart from reading them, because
 * it is about their order alone.
 */
import type { Message } from '../../../contracts/conversation.js'
import { mergeSides } from '../sides.js'
import type { ReadItem } from './items.js'

/** `instructions` are the request's own, and stand before what the items say. */
export function conversationOf(
  items: readonly ReadItem[],
  instructions: string,
): { readonly system: string; readonly messages: readonly Message[] } {
  const first = items.findIndex(({ instructs }) => !instructs)
  const leading = first === -1 ? items : items.slice(0, first)
  const said = leading.map(({ message }) => textOf(message))
  return {
    system: [instructions, ...said].filter((text) => text !== '').join('\n'),
    messages: mergeSides(items.slice(leading.length).map(({ message }) => message)),
  }
}

function textOf({ blocks }: Message): string {
  return blocks.map((block) => (block.kind === 'other' ? String(block.content) : '')).join('\n')
}
