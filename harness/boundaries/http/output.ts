/** What a service answered, as the trace has it, and its body again. Apart, because the one must give back the other to the byte. */
import type { Json } from '../../../faults/json.js'

/** The body is data where it is JSON and data alone, written as the service wrote it; anything else is text. */
export function httpOutput(status: number, body: string): Json {
  return body === '' ? { status } : { status, body: dataIn(body) ?? body }
}

/** The body of an answer that the trace holds. */
export function bodyTextOf(output: Json | undefined): string | undefined {
  if (typeof output !== 'object' || output === null || !('status' in output)) return undefined
  const { body } = output as { readonly body?: Json }
  return body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
}

function dataIn(body: string): Json | undefined {
  if (!/^[[{]/.test(body)) return undefined
  try {
    const data = JSON.parse(body) as Json
    return JSON.stringify(data) === body ? data : undefined
  } catch {
    return undefined
  }
}
