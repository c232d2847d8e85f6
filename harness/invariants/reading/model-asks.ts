/**
 * What the model asked for, set against what the agent ran. An agent may add to the model's input (an idempotency key,
 * a tenant) or pass its fields one by one, so that equal text is too much to ask for.
 */
import { runsTool } from '../../contracts/boundary.js'
import type { Crossing } from '../../contracts/trace.js'

/** A tool call as the model put it. */
export interface Ask {
  readonly tool: string
  /** JSON. */
  readonly input: string
}

export function asksOf({ result }: Crossing): Ask[] {
  return (result?.reply?.toolCalls ?? []).map((text) => {
    const space = text.indexOf(' ')
    return space < 0 ? { tool: text, input: '{}' } : { tool: text.slice(0, space), input: text.slice(space + 1) }
  })
}

/** Whether the tool call may be the asked one: of its name, and with each field of its input as the model put it. */
export function mayBe({ call }: Crossing, { tool, input }: Ask): boolean {
  if (!runsTool(call.site) || call.site.target !== tool) return false
  const [asked, given] = [objectIn(input), objectIn(call.input)]
  if (!asked || !given) return true
  return Object.entries(asked).every(([key, value]) => JSON.stringify(given[key]) === JSON.stringify(value))
}

export function sameAsk(left: Ask, right: Ask): boolean {
  return left.tool === right.tool && left.input === right.input
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
