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
    case 'plan':
      return { blocks: [{ kind: 'text', text: planFor(conversation) }], stop: 'end-turn' }
    case 'text':
      return { blocks: [{ kind: 'text', text: instead.text }], stop: 'end-turn' }
  }
}

/** Never the same twice in a row, so that no test for equal answers sees through it. */
const openings = [
  'Let me think this through once more before I act.',
  'I now see the task more clearly, so here is a better plan.',
  'Before I begin, I should lay out the steps with care.',
  'On reflection the order of the steps matters, so I will start over.',
] as const
const stepsOfPlan = [
  'First I will go over what is known, then decide which tool fits, and then take the first step.',
  'Step one: gather what is needed. Step two: check it. Step three: carry it out.',
  'I will look at the request again, list what could go wrong, and only then proceed.',
] as const

function planFor({ messages }: Conversation): string {
  const turn = messages.filter(({ role }) => role === 'assistant').length
  return `${openings[turn % openings.length]} ${stepsOfPlan[turn % stepsOfPlan.length]}`
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
