/** The general form of a simulated model: any pure function of the conversation. */
import type { Conversation, Reply } from '../contracts/conversation.js'
import type { Model } from '../contracts/model.js'
import { freshCallId } from './call-id.js'

/**
 * A model that answers as `decide` says. That may be a text, which ends the turn, or blocks, which end it unless a tool
 * is called. Or it is a whole reply. `decide` must be pure, for it is asked again when a request is retried. A tool
 * call with an empty id is given one.
 */
export function policy(decide: (conversation: Conversation) => Reply | Reply['blocks'] | string): Model {
  return {
    reply: (conversation) => {
      const decided = decide(conversation)
      if (typeof decided === 'string') {
        return { blocks: decided === '' ? [] : [{ kind: 'text', text: decided }], stop: 'end-turn' }
      }
      const reply = 'blocks' in decided ? decided : { blocks: decided, stop: stopAfter(decided) }
      return { ...reply, blocks: withIds(reply.blocks, conversation) }
    },
  }
}

function stopAfter(blocks: Reply['blocks']): Reply['stop'] {
  return blocks.some((block) => block.kind === 'tool-call') ? 'tool-use' : 'end-turn'
}

function withIds(blocks: Reply['blocks'], conversation: Conversation): Reply['blocks'] {
  const taken = new Set<string>()
  return blocks.map((block) => {
    if (block.kind !== 'tool-call' || block.id !== '') return block
    const id = freshCallId(block.name, conversation, taken)
    taken.add(id)
    return { ...block, id }
  })
}
