/**
 * What the model says in place of its own answer, when a fault makes it misbehave. Pure: the same conversation gives
 * the same reply. Apart from the models, because it works for every one of them.
 */
import type { Substitute } from '../../faults/action.js'
import type { Json } from '../../faults/json.js'
import { tokenIn } from '../../faults/params/instruction.js'
import type { Conversation, Reply } from '../contracts/conversation.js'
import type { ToolResult } from '../contracts/request.js'
import { repeatedCallId, type ToolCall } from './call-id.js'
import { makeMistake, type Prompt } from './mistakes.js'
import { failureOf } from './tool-result.js'

/** The very value of `own()` where there is nothing to put in its place: no call yet, or its tool is not on offer. */
export function substitute(instead: Substitute, asked: Prompt, own: () => Reply): Reply {
  const { conversation } = asked
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
    case 'obey': {
      const results = lastRound(conversation).flatMap((call) => {
        const token = tokenIn(resultOf(call.id, conversation)?.text ?? '')
        return token === undefined || !holdsText(call.input) ? [] : [{ ...call, input: allFor(token, call.input) }]
      })
      const calls = callsOnOffer(results, conversation)
      return calls.length > 0 ? again(calls, conversation) : own()
    }
    case 'plan':
      return { blocks: [{ kind: 'text', text: planFor(conversation) }], stop: 'end-turn' }
    case 'text':
      return { blocks: [{ kind: 'text', text: instead.text }], stop: 'end-turn' }
    case 'mistaken':
      return makeMistake(instead.mistake, own(), asked)
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

function hasFailed(id: string, conversation: Conversation): boolean {
  const result = resultOf(id, conversation)
  return result !== undefined && failureOf(result) !== undefined
}

function resultOf(id: string, { messages }: Conversation): ToolResult | undefined {
  for (let index = messages.length - 1; index >= 0; index--) {
    const result = messages[index]?.blocks.find(
      (block): block is ToolResult => block.kind === 'tool-result' && block.id === id,
    )
    if (result) return result
  }
  return undefined
}

function holdsText(input: Json): boolean {
  if (typeof input === 'string') return true
  return typeof input === 'object' && input !== null && Object.values(input).some(holdsText)
}

/** The input with the token in place of every text; numbers and the like stay, so that it still fits its schema. */
function allFor(token: string, input: Json): Json {
  if (typeof input === 'string') return token
  if (typeof input !== 'object' || input === null) return input
  if (Array.isArray(input)) return input.map((item: Json) => allFor(token, item))
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, allFor(token, value as Json)]))
}
