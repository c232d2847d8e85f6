/**
 * What the model says in place of its own answer, when a fault makes it misbehave. Pure: the same conversation gives
 * the same reply. Apart from the models, because it works for every one of them.
 */
import type { Substitute } from '../../faults/action.js'
import type { Conversation, Reply } from '../conversation.js'
import { repeatedCallId, type ToolCall } from './call-id.js'
import { failureOf, type ToolResult } from './tool-result.js'

/** The very value of `own()` where there is nothing to put in its place: no call yet, or its tool is not on offer. */
export function substitute(instead: Substitute, conversation: Conversation, own: () => Reply): Reply {
  switch (instead.kind) {
    case 'repeat-last-call': {
      const last = callsOnOffer(lastRound(conversation), conversation).at(-1)
      return last ? again([last], conversation) : own()
    }
    case 'insist': {
      const failed = lastRound(conversation).filter(({ id }) => hasFailed(id, conversation))
      const calls = callsOnOffer(failed, conversation)
      return calls.length > 0 ? again(calls, conversation) : own()
    }
    case 'text':
      return { blocks: [{ kind: 'text', text: instead.text }], stop: 'end-turn' }
  }
}

function again(calls: readonly ToolCall[], conversation: Conversation): Reply {
  return {
    blocks: calls.map((call) => ({ ...call, id: repeatedCallId(call.id, conversation) })),
    stop: 'tool-use',
  }
}

/** The calls of the last message that made any; several where they were made in parallel. */
function lastRound({ messages }: Conversation): ToolCall[] {
  for (let index = messages.length - 1; index >= 0; index--) {
    const calls = (messages[index]?.blocks ?? []).filter((block) => block.kind === 'tool-call')
    if (calls.length > 0) return calls
  }
  return []
}

/** A model cannot call what it is not offered, and a request for a title offers nothing. */
function callsOnOffer(calls: readonly ToolCall[], { tools }: Conversation): readonly ToolCall[] {
  return calls.filter(({ name }) => tools.includes(name))
}

function hasFailed(id: string, { messages }: Conversation): boolean {
  for (let index = messages.length - 1; index >= 0; index--) {
    const result = messages[index]?.blocks.find(
      (block): block is ToolResult => block.kind === 'tool-result' && block.id === id,
    )
    if (result) return failureOf(result) !== undefined
  }
  return false
}
