/** Between the ids of tool calls that an agent has, which are the wire's, and those that a simulated model gives. */
import type { Block, Conversation, Reply } from '../../contracts/conversation.js'
import type { CallIds } from '../../contracts/provider.js'

/** The conversation with the model's own ids, from which it finds its place. */
export function asModelKnows(conversation: Conversation, { read }: CallIds): Conversation {
  const rename = renaming(read)
  const messages = conversation.messages.map(({ role, blocks }) => ({ role, blocks: blocks.map(rename) }))
  return { ...conversation, messages }
}

/** The reply as the agent is to see it. */
export function asOnWire(reply: Reply, { write }: CallIds): Reply {
  return { ...reply, blocks: reply.blocks.map(renaming(write)) }
}

function renaming(rename: (id: string) => string) {
  return <B extends Block>(block: B): B =>
    block.kind === 'tool-call' || block.kind === 'tool-result' ? { ...block, id: rename(block.id) } : block
}
