/** What the vendor itself answered, as far as it can be gone on from. Apart, because nothing in a trial reads a vendor's answer. */
import { isRecord } from '../../../contracts/checks.js'
import type { WireRequest } from '../../../contracts/provider.js'
import type { KeptConversations } from './conversations.js'
import { placeOf, serveConversations } from './conversations-api.js'
import type { Item } from './items.js'

export interface LearntResponse {
  readonly id: string
  readonly output: readonly Item[]
}

/** Of a body, or of a stream the response as it is at its end; `undefined` where there is none. */
export function responseIn(answer: string): LearntResponse | undefined {
  const whole = parse(answer)
  if (isRecord(whole)) return asResponse(whole)
  const events = answer.split(/\r?\n/).flatMap((line) => (line.startsWith('data:') ? [parse(line.slice(5))] : []))
  const end = events.findLast((event) => isRecord(event) && ends.includes(String(event.type)))
  return isRecord(end) ? asResponse(end.response) : undefined
}

/** What a request to the API of conversations has changed there. Gives the id of one that was made; refuses one not known. */
export function learnConversation(request: WireRequest, answer: string, kept: KeptConversations): string | undefined {
  const { id, items, item } = placeOf(request.url) ?? { items: false }
  const said = parse(answer)
  if (!isRecord(said)) return undefined
  if (id !== undefined) kept.find(id)
  if (id !== undefined && items && item === undefined && request.method === 'POST' && Array.isArray(said.data)) {
    kept.add(id, null, said.data as readonly Item[])
    return undefined
  }
  const made = id === undefined && typeof said.id === 'string' ? said.id : undefined
  if (request.method !== 'GET') {
    serveConversations(request, kept, { ids: made === undefined ? [] : [made], requestId: '' })
  }
  return made
}

const ends = ['response.completed', 'response.incomplete']

function asResponse(value: unknown): LearntResponse | undefined {
  if (!isRecord(value) || typeof value.id !== 'string' || !Array.isArray(value.output)) return undefined
  return { id: value.id, output: value.output as readonly Item[] }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
