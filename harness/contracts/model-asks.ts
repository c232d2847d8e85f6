/**
 * What the model asked for, set against what the agent ran. An agent may add to the model's input (an idempotency key,
 * a tenant), or pass its fields one by one. So equal input is too much to ask for.
 */
import type { Json } from '../../faults/json.js'
import { asksModel, runsTool } from './boundary.js'
import { argumentFieldsOf } from './request.js'
import { type Crossing, crossingsOf, type Trace, toolCallsOf } from './trace.js'

/** A tool call as the model put it. */
export interface Ask {
  readonly id: string
  readonly tool: string
  readonly input: Json
}

export function asksOf({ result }: Crossing): Ask[] {
  return toolCallsOf(result?.reply).map(({ id, name, input }) => ({ id, tool: name, input }))
}

/** Whether the tool call may be the asked one: of its name, and with each field of its input as the model put it. */
export function mayBe({ call }: Pick<Crossing, 'call'>, { tool, input }: Ask): boolean {
  if (!runsTool(call.site) || call.site.target !== tool) return false
  const given = argumentFieldsOf(call.request)
  if (!given || typeof input !== 'object' || input === null || Array.isArray(input)) return true
  return Object.entries(input).every(([key, value]) => isSame(given[key], value))
}

/** The last answer of the model before the call. */
export function replyBefore({ callIndex }: Crossing, trace: Trace): Crossing | undefined {
  return crossingsOf(trace).findLast(
    ({ call, resultIndex }) => asksModel(call.site) && resultIndex >= 0 && resultIndex < callIndex,
  )
}

/** How often the last answer before the call asked for it, or may have: never for a question to the model. */
export function timesAsked(call: Crossing, trace: Trace): number {
  const reply = replyBefore(call, trace)
  return reply ? timesAskedIn(reply, call) : 0
}

/**
 * The same of any answer. Nothing says for which ask an agent makes a call that is no tool: its tools may run unseen. So
 * each of two equal asks may lead to it.
 */
export function timesAskedIn(reply: Crossing, { call }: Crossing): number {
  if (asksModel(call.site)) return 0
  const asks = asksOf(reply)
  if (!runsTool(call.site)) return timesEqual(asks)
  const own = asks.filter(({ tool }) => tool === call.site.target)
  const exact = own.filter((ask) => mayBe({ call }, ask)).length
  // An agent may keep to what it sent first under a key, whatever words the model asks in since.
  return exact > 0 ? exact : timesEqual(own)
}

/** How often the ask that is made most often is made. */
function timesEqual(asks: readonly Ask[]): number {
  return Math.max(0, ...asks.map((ask) => asks.filter((other) => sameAsk(ask, other)).length))
}

export function sameAsk(left: Ask, right: Ask): boolean {
  return left.tool === right.tool && isSame(left.input, right.input)
}

function isSame(left: Json | undefined, right: Json | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}
