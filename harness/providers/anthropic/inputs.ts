/**
 * What the API gives out of a tool's input that is no JSON. As a rule it checks each field before it streams it, so that of an
 * input that was cut whole fields come. A tool may ask for its input unchecked (fine-grained tool streaming). An answer at
 * once has the input as JSON in any case.
 */
import type { Json } from '../../../faults/json.js'
import { isRecord } from '../../contracts/checks.js'
import type { BrokenCall } from '../../contracts/conversation.js'
import { readPrefix } from '../../contracts/json-prefix.js'
import type { Lack, WireRequest } from '../../contracts/provider.js'

/** The names of the tools whose input is streamed unchecked. */
export function uncheckedIn(definitions: Json, request: WireRequest): string[] {
  if (!Array.isArray(definitions)) return []
  const byDefault = request.header('anthropic-beta')?.includes('fine-grained-tool-streaming') ?? false
  return definitions.flatMap((tool: Json) =>
    isRecord(tool) && typeof tool.name === 'string' && (tool.eager_input_streaming ?? byDefault) === true
      ? [tool.name]
      : [],
  )
}

const checkedStream: Lack = {
  trait: 'loose-input',
  of: 'streamed',
  reason:
    'the API checks each field of an input before it streams it; it does not where the tool has `eager_input_streaming`, or the ' +
    'request the beta `fine-grained-tool-streaming-2025-05-14`',
}

const atOnce: Lack = {
  trait: 'loose-input',
  of: 'at once',
  reason: 'an answer at once has the input as JSON, and so no more of it than could be read',
}

export const inputLacks: readonly Lack[] = [atOnce, checkedStream]

/** Why an answer can hold no input that is no JSON; `undefined` where it can. */
export function lackOf(stream: boolean, unchecked: readonly string[]): string | undefined {
  if (!stream) return atOnce.reason
  return unchecked.length === 0 ? checkedStream.reason : undefined
}

/** What can be read of it: the fields that came whole. */
export function readableInput({ text, meant }: BrokenCall): Readonly<Record<string, Json>> {
  // Another text than the beginning of JSON cannot be read at all.
  if (!JSON.stringify(meant).startsWith(text) || !text.startsWith('{')) return {}
  const { fields = {} } = readPrefix(text)
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, { whole, value }]) => (whole && value !== undefined ? [[name, value]] : [])),
  )
}

/** What is streamed of it, as text. */
export function streamedInput(call: BrokenCall, unchecked: readonly string[]): string {
  if (unchecked.includes(call.name)) return call.text
  const fields = readableInput(call)
  // The end of it never comes.
  return Object.keys(fields).length === 0 ? '' : JSON.stringify(fields).slice(0, -1)
}
