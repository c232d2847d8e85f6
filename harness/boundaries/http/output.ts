/** What a service answered, as the trace has it, and its body again. Apart, because the one must give back the other to the byte. */
import type { Json } from '../../../faults/json.js'
import type { Body } from '../../contracts/body.js'
import { parseShallow } from '../../contracts/json-text.js'

/**
 * The body is data where it is JSON and data alone, written as the service wrote it; anything else is text, or, as `encoding`
 * says, one character for each byte.
 */
export function httpOutput(status: number, { text, encoding }: Body): Json {
  if (text === '') return { status }
  return encoding ? { status, body: text, encoding } : { status, body: dataIn(text) ?? text }
}

/** The body of an answer that the trace holds. */
export function bodyIn(output: Json | undefined): Body | undefined {
  if (typeof output !== 'object' || output === null || !('status' in output)) return undefined
  const { body, encoding } = output as { readonly body?: Json; readonly encoding?: Body['encoding'] }
  if (body === undefined) return { text: '' }
  return { text: typeof body === 'string' ? body : JSON.stringify(body), ...(encoding && { encoding }) }
}

function dataIn(body: string): Json | undefined {
  if (!/^[[{]/.test(body)) return undefined
  try {
    const data = parseShallow(body)
    return JSON.stringify(data) === body ? data : undefined
  } catch {
    return undefined
  }
}
