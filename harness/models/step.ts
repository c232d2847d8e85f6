/**
 * The steps of a script as a user writes them, and as the model walks them. Apart from `script.ts`, so that reading the
 * progress out of a conversation needs no model.
 */
import type { Json } from '../../faults/json.js'
import type { Conversation } from '../contracts/conversation.js'
import { UserError } from '../contracts/errors.js'

/** One tool call of a script. */
export interface CallStep {
  readonly kind: 'call'
  /** The tool's name as the world has it; a framework's prefix does not matter. */
  readonly name: string
  readonly input: Json | ((conversation: Conversation) => Json)
  /** Said along with the call, the first time. */
  readonly text?: string
}

/** An answer that ends the turn. */
export interface SayStep {
  readonly kind: 'say'
  readonly text: string
  readonly gaveUp: boolean
}

/** One step of a script, as `call`, `say` and `giveUp` make it. */
export type Step = CallStep | SayStep

/** A step as the model walks it: calls made in one reply, or a final answer. */
export type ScriptStage = { readonly kind: 'calls'; readonly calls: readonly CallStep[] } | SayStep

/**
 * A tool call. `input` may be a pure function of the conversation, for what only an earlier result tells. `text` is
 * said along with it, the first time.
 */
export function call(
  name: string,
  input: Json | ((conversation: Conversation) => Json),
  options: { readonly text?: string } = {},
): Step {
  return { kind: 'call', name, input, ...options }
}

/** A final answer; it ends the turn. */
export function say(text: string): Step {
  return { kind: 'say', text, gaveUp: false }
}

/** A final answer that says that it could not be done. */
export function giveUp(text = 'I could not complete the task.'): Step {
  return { kind: 'say', text, gaveUp: true }
}

/** Checks what a user wrote. Throws a `UserError` that names the step. */
export function stagesOf(steps: readonly (Step | readonly Step[])[]): ScriptStage[] {
  return steps.map((step, index) => stageOf(step, `script step ${index + 1}`))
}

function stageOf(step: Step | readonly Step[], where: string): ScriptStage {
  if (!isGroup(step)) return step.kind === 'say' ? step : { kind: 'calls', calls: [requireName(step, where)] }
  if (step.length === 0) throw new UserError('A group of calls holds at least one call; this one is empty.', where)
  const calls = step.map((member) => {
    if (member.kind === 'call') return requireName(member, where)
    throw new UserError(
      'A group holds calls that are made in parallel; an answer ends the turn and stands alone.',
      where,
    )
  })
  return { kind: 'calls', calls }
}

function requireName(step: CallStep, where: string): CallStep {
  if (typeof step.name === 'string' && step.name !== '') return step
  throw new UserError(`A call names a tool; expected a non-empty string, got ${JSON.stringify(step.name)}.`, where)
}

function isGroup(step: Step | readonly Step[]): step is readonly Step[] {
  return Array.isArray(step)
}

/** The input of a call, now that the conversation has come so far. */
export function inputOf(step: CallStep, conversation: Conversation): Json {
  return typeof step.input === 'function' ? step.input(conversation) : step.input
}
