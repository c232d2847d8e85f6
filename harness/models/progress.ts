/**
 * How far a script has come, read from the conversation alone. A counter would fall out of step when an agent trims its
 * history, asks for a title first, or rewrites ids. So it would when a fault repeated a call.
 */
import type { Json } from '../../faults/json.js'
import { beginsWith } from '../contracts/begins-with.js'
import type { Block, Conversation, Message } from '../contracts/conversation.js'
import type { ToolResult } from '../contracts/request.js'
import { decodeCallId, type PlacedCall, type ToolCall } from './call-id.js'
import { isInput } from './reword.js'
import { type CallStep, inputOf, type ScriptStage } from './step.js'
import { isSameTool } from './tool-name.js'
import { failureOf } from './tool-result.js'

/** A failed result of a call, and what came of it. */
export interface SeenFailure {
  readonly final: boolean
  /** How often the model has since ended its turn and was asked again. */
  answersSince: number
}

/** What the conversation shows of one call of a script. */
export interface SeenCall {
  done: boolean
  readonly failures: SeenFailure[]
  /** The highest attempt so far, by the step's own tool and by another in its place; 0 for none. */
  readonly attempts: { own: number; other: number }
  /** Another tool was tried, with success, since the last failure. */
  lookedElsewhere: boolean
  /** The message that last made it. */
  madeIn: number
}

/** Where a script stands. */
export interface ScriptProgress {
  /** The step to take now; the number of steps when all are done. */
  readonly step: number
  /** What was seen of the calls of that step. */
  readonly calls: readonly SeenCall[]
  /** Whether the history holds any call of the script. */
  readonly begun: boolean
}

/**
 * Reads how far a script has come. What comes out goes by the conversation alone. One that goes on with the last is read from
 * where that ended. What came out before is not valid any more then.
 */
export function progressReader(stages: readonly ScriptStage[]): (conversation: Conversation) => ScriptProgress {
  let last: Reader | undefined
  return (conversation) => {
    const reader = last?.goesOn(conversation) ? last : new Reader(stages)
    // Nobody goes on from where reading failed.
    last = undefined
    const progress = reader.read(conversation)
    last = reader
    return progress
  }
}

/** It reads each message once. Calls are known by their ids, or else by name and input. */
class Reader {
  readonly #stages: readonly ScriptStage[]
  #conversation: Conversation = { model: '', system: '', messages: [], tools: [] }
  /** A list of our own, for whoever asks may go on with theirs. */
  readonly #read: Message[] = []
  readonly #seen: SeenCall[][] = []
  readonly #said = new Set<number>()
  readonly #byId = new Map<string, { readonly seen: SeenCall; readonly own: boolean }>()
  /** The last step that was touched. Whatever comes before it is over, even where the history no longer shows it. */
  #at = 0

  constructor(stages: readonly ScriptStage[]) {
    this.#stages = stages
  }

  /** Whether the conversation is the one that was read, with more messages behind it or none. */
  goesOn({ model, system, tools, messages }: Conversation): boolean {
    const last = this.#conversation
    if (model !== last.model || system !== last.system || tools.length !== last.tools.length) return false
    return beginsWith(tools, last.tools) && beginsWith(messages, this.#read)
  }

  read(conversation: Conversation): ScriptProgress {
    this.#conversation = conversation
    for (const message of conversation.messages.slice(this.#read.length)) {
      if (message.role === 'assistant') this.#answer(message.blocks, this.#read.length)
      else this.#results(message.blocks)
      this.#read.push(message)
    }
    return this.#progress()
  }

  #answer(blocks: readonly Block[], message: number): void {
    let text = ''
    let calls = 0
    for (const block of blocks) {
      if (block.kind === 'text') text += block.text
      if (block.kind !== 'tool-call') continue
      calls++
      const place = this.#placeOf(block, message)
      if (place) this.#noteCall(block, place, message)
    }
    if (calls === 0) this.#readAnswer(text)
  }

  #results(blocks: readonly Block[]): void {
    for (const block of blocks) {
      if (block.kind !== 'tool-result') continue
      const made = this.#byId.get(block.id)
      if (made) settle(made.seen, made.own, block)
    }
  }

  #progress(): ScriptProgress {
    const step = this.#next()
    const stage = this.#stages[step]
    return { step, calls: stage?.kind === 'calls' ? this.#callsOf(step, stage.calls) : [], begun: this.#byId.size > 0 }
  }

  #noteCall(call: ToolCall, place: PlacedCall, message: number): void {
    const stage = this.#stages[place.step]
    const seen = stage?.kind === 'calls' ? this.#callsOf(place.step, stage.calls)[place.call] : undefined
    if (!seen) return
    this.#at = Math.max(this.#at, place.step)
    seen.attempts[place.tool] = Math.max(seen.attempts[place.tool], place.attempt)
    seen.madeIn = message
    this.#byId.set(call.id, { seen, own: place.tool === 'own' })
  }

  /** By the id, where the model gave it; otherwise by name and input. */
  #placeOf(call: ToolCall, message: number): PlacedCall | undefined {
    const place = decodeCallId(call.id)
    const stage = place && this.#stages[place.step]
    const step = stage?.kind === 'calls' ? stage.calls[place?.call ?? 0] : undefined
    if (place && step && (place.tool === 'other' || isSameTool(step.name, call.name))) return place
    return this.#placeByContent(call, message)
  }

  /** The first call from here on that is not done and not made by the same message. */
  #placeByContent(toolCall: ToolCall, message: number): PlacedCall | undefined {
    const matches = (step: CallStep) =>
      isSameTool(step.name, toolCall.name) && isInput(this.#inputThen(step, message), toolCall.input)
    for (let step = this.#next(); step < this.#stages.length; step++) {
      const stage = this.#stages[step]
      if (stage?.kind !== 'calls') continue
      const seen = this.#callsOf(step, stage.calls)
      const call = stage.calls.findIndex((candidate, index) => {
        const own = seen[index]
        return own !== undefined && !own.done && own.madeIn !== message && matches(candidate)
      })
      const attempt = (seen[call]?.attempts.own ?? 0) + 1
      if (call >= 0) return { step, call, tool: 'own', attempt }
    }
    return undefined
  }

  /** The input that the step had when the conversation ended before `message`. */
  #inputThen(step: CallStep, message: number): Json {
    if (typeof step.input !== 'function') return step.input
    return inputOf(step, { ...this.#conversation, messages: this.#conversation.messages.slice(0, message) })
  }

  /** The model ended its turn: a step that says this is done; a call that had failed is asked about once more. */
  #readAnswer(text: string): void {
    for (let step = this.#next(); step < this.#stages.length; step++) {
      const stage = this.#stages[step]
      if (stage?.kind !== 'say' || stage.text !== text) continue
      this.#said.add(step)
      this.#at = step
      return
    }
    for (const { failures } of this.#seen[this.#at] ?? []) {
      const last = failures.at(-1)
      if (last) last.answersSince++
    }
  }

  #next(): number {
    return this.#isDone(this.#at) ? this.#at + 1 : this.#at
  }

  #isDone(step: number): boolean {
    const stage = this.#stages[step]
    if (stage?.kind !== 'calls') return this.#said.has(step)
    return this.#callsOf(step, stage.calls).every(({ done }) => done)
  }

  #callsOf(step: number, calls: readonly CallStep[]): SeenCall[] {
    let seen = this.#seen[step]
    if (!seen) {
      seen = calls.map(() => ({
        done: false,
        failures: [],
        attempts: { own: 0, other: 0 },
        lookedElsewhere: false,
        madeIn: -1,
      }))
      this.#seen[step] = seen
    }
    return seen
  }
}

function settle(seen: SeenCall, own: boolean, result: ToolResult): void {
  const failure = failureOf(result)
  if (failure) {
    seen.failures.push({ final: failure.final, answersSince: 0 })
    seen.lookedElsewhere = false
  } else if (own) {
    seen.done = true
  } else {
    seen.lookedElsewhere = true
  }
}
