/**
 * Ids of tool calls that say which step of a script they are, and at which attempt. By them a model without memory
 * finds its place again from the conversation. 22 letters and digits, which each provider dresses as its own. Apart
 * from `script.ts`, because a call that is repeated in its place needs a fresh id of the same step.
 */
import type { Block, Conversation } from '../contracts/conversation.js'

/** Which call of a script it is: the `call`-th (from 0) of the `step`-th step (from 0). */
export interface CallPlace {
  readonly step: number
  readonly call: number
  /** `other`: a different tool that is tried in place of the step's own. */
  readonly tool: 'own' | 'other'
}

/** A place, and how often it has been tried with this call (from 1). */
export interface PlacedCall extends CallPlace {
  readonly attempt: number
}

export type ToolCall = Extract<Block, { kind: 'tool-call' }>

const widths = { step: 3, call: 2, attempt: 4 } as const
const payloadLength = 1 + widths.step + widths.call + widths.attempt
const checkLength = 12
const idLength = payloadLength + checkLength

/** An id that holds the place and the attempt. */
export function encodeCallId({ step, call, tool, attempt }: PlacedCall): string {
  const payload =
    (tool === 'own' ? 'A' : 'B') +
    digits(step, widths.step) +
    digits(call, widths.call) +
    digits(attempt, widths.attempt)
  return payload + checkOf(payload)
}

/** What `encodeCallId` put into an id; `undefined` for ids that it did not make. */
export function decodeCallId(id: string): PlacedCall | undefined {
  if (id.length !== idLength) return undefined
  const payload = id.slice(0, payloadLength)
  if (id.slice(payloadLength) !== checkOf(payload)) return undefined
  const callAt = 1 + widths.step
  const attemptAt = callAt + widths.call
  return {
    step: Number.parseInt(payload.slice(1, callAt), 36),
    call: Number.parseInt(payload.slice(callAt, attemptAt), 36),
    tool: payload.startsWith('A') ? 'own' : 'other',
    attempt: Number.parseInt(payload.slice(attemptAt), 36),
  }
}

/** An id for the same call once more: of the same place where it has one, and new in the conversation. */
export function repeatedCallId(id: string, conversation: Conversation): string {
  const place = decodeCallId(id)
  if (!place) return freshCallId(id, conversation)
  let attempt = place.attempt
  for (const { id } of toolCallsOf(conversation)) {
    const other = decodeCallId(id)
    if (other && samePlace(other, place)) attempt = Math.max(attempt, other.attempt)
  }
  return encodeCallId({ ...place, attempt: attempt + 1 })
}

/** An id that the conversation does not hold yet; the same conversation and seed give the same. */
export function freshCallId(seed: string, conversation: Conversation, taken: ReadonlySet<string> = new Set()): string {
  const held = new Set(toolCallsOf(conversation).map(({ id }) => id))
  for (let number = held.size; ; number++) {
    const payload = `Z${digits(number, payloadLength - 1)}`
    const id = payload + letters(`${seed}/${payload}`, checkLength)
    if (!held.has(id) && !taken.has(id)) return id
  }
}

/** Every tool call of the conversation, in order. */
export function toolCallsOf(conversation: Conversation): ToolCall[] {
  const calls: ToolCall[] = []
  for (const { blocks } of conversation.messages) {
    for (const block of blocks) if (block.kind === 'tool-call') calls.push(block)
  }
  return calls
}

function samePlace(left: CallPlace, right: CallPlace): boolean {
  return left.step === right.step && left.call === right.call && left.tool === right.tool
}

function digits(value: number, width: number): string {
  return value.toString(36).padStart(width, '0')
}

/** Tells ids of ours from others of the same length. */
function checkOf(payload: string): string {
  return letters(payload, checkLength)
}

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** FNV-1a over the text, drawn out by a linear congruential generator. */
function letters(text: string, length: number): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  let out = ''
  for (let index = 0; index < length; index++) {
    hash = Math.imul(hash, 1664525) + 1013904223
    out += alphabet[(hash >>> 8) % alphabet.length]
  }
  return out
}
