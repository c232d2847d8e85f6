/** What was asked and what was given, whole, as text. Apart from the previews, which say it in a few words. */
import type { Json } from '../../faults/json.js'
import type { EventOf } from '../../harness/contracts/trace.js'

/** Of a request to a model: what is new in it. */
export function requestText(request: EventOf<'call'>['request']): string {
  switch (request.kind) {
    case 'call':
      return argumentsText(request.arguments)
    case 'effect': {
      const { effect, key, payload } = request
      return JSON.stringify({ ...effect, ...(key !== null && { key }), ...(payload !== null && { payload }) })
    }
    case 'http': {
      const { method, url, headers, body } = request
      return JSON.stringify({ method, url, ...(Object.keys(headers).length > 0 && { headers }), body })
    }
    case 'file': {
      const { asked, content } = request
      return content ? `${asked} ${content.bytes} bytes: ${content.text ?? `sha256 ${content.digest}`}` : asked
    }
    case 'model':
      return request.unread === undefined ? JSON.stringify(request.messages) : outputText(request.unread)
  }
}

function argumentsText(given: readonly Json[]): string {
  const [first] = given
  if (first === undefined) return ''
  return JSON.stringify(given.length === 1 && typeof first === 'object' && first !== null ? first : given)
}

/** As JSON; empty for nothing. */
export function outputText(output: Json | undefined): string {
  return output === undefined ? '' : JSON.stringify(output)
}
