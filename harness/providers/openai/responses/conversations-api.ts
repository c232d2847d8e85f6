/**
 * The API of conversations, by which agents make one, look into it and put items in. It asks no model. What it keeps, requests
 * to Responses go on from.
 */
import type { Json } from '../../../../faults/json.js'
import { type Anything, isRecord } from '../../../contracts/checks.js'
import { parseShallow } from '../../../contracts/json-text.js'
import type { WireAnswer, WireRequest } from '../../../contracts/provider.js'
import { Refused } from '../../refused.js'
import { authenticate } from '../access.js'
import { errorAnswer, invalid, type RefusalTerms } from '../error.js'
import { missing, parseBody, wrongType } from '../fields.js'
import { headersOf } from '../headers.js'
import type { KeptConversation, KeptConversations } from './conversations.js'
import { type Item, readItem } from './items.js'

/** `ids` are those that new conversations are to have, where any are wished for. */
export function serveConversations(
  request: WireRequest,
  kept: KeptConversations,
  { ids, requestId }: { readonly ids: readonly string[]; readonly requestId: string },
): WireAnswer {
  try {
    authenticate(request)
    const body = request.body === '' ? {} : parseBody(request.body, parseShallow)
    const said = work(request, body, kept, ids)
    return { status: 200, headers: headersOf(requestId, 'application/json'), chunks: [JSON.stringify(said)] }
  } catch (thrown) {
    const error = Refused.in<RefusalTerms>(thrown)
    if (!error) throw thrown
    return errorAnswer(error, requestId)
  }
}

/** Of `/conversations/ID/items/ITEM` both; `undefined` for what is another path. */
export function placeOf(
  url: string,
): { readonly id?: string; readonly items: boolean; readonly item?: string } | undefined {
  const found = /\/conversations(?:\/([^/]+))?(\/items)?(?:\/([^/]+))?$/.exec(new URL(url).pathname)
  if (!found) return undefined
  const [id, item] = [found[1], found[3]].map((text) => text && decodeURIComponent(text))
  return { ...(id !== undefined && { id }), items: found[2] !== undefined, ...(item !== undefined && { item }) }
}

function work({ method, url }: WireRequest, body: Anything, kept: KeptConversations, ids: readonly string[]): object {
  const { id, items, item } = placeOf(url) ?? { items: false }
  if (id === undefined) return show(kept.create(itemsIn(body, false), metadataIn(body), ids))
  if (item !== undefined) return method === 'DELETE' ? removeItem(kept, id, item) : itemOf(kept, id, item)
  if (items && method === 'POST') return listOf(kept.add(id, null, itemsIn(body, true)))
  if (items) return pageOf(kept.itemsOf(id), new URL(url).searchParams)
  const found = kept.find(id)
  if (method === 'POST') found.metadata = metadataIn(body)
  if (method !== 'DELETE') return show(found)
  kept.delete(id)
  return { id, object: 'conversation.deleted', deleted: true }
}

function show({ id, created, metadata }: KeptConversation): object {
  return { id, object: 'conversation', created_at: created, metadata }
}

function metadataIn({ metadata }: Anything): Json {
  if (metadata === undefined || metadata === null) return {}
  if (!isRecord(metadata)) throw wrongType('metadata', 'an object', metadata)
  return metadata as Json
}

const itemsMax = 20

function itemsIn({ items }: Anything, needed: boolean): readonly Item[] {
  if (items === undefined || items === null) {
    if (needed) throw missing('items')
    return []
  }
  if (!Array.isArray(items)) throw wrongType('items', 'an array of objects', items)
  if (items.length > itemsMax) {
    const message = `Invalid 'items': array too long. Expected an array with maximum length ${itemsMax}, but got an array with length ${items.length} instead.`
    throw invalid(message, { param: 'items', code: 'array_above_max_length' })
  }
  return items.map((item: unknown, index) => readItem(item, `items[${index}]`).item)
}

function itemOf(kept: KeptConversations, id: string, item: string): Item {
  const found = kept.itemsOf(id).find((one) => one.id === item)
  if (found) return found
  throw invalid(`Item with id '${item}' not found.`, { status: 404, param: 'item_id', reason: 'unknown-item' })
}

function removeItem(kept: KeptConversations, id: string, item: string): object {
  itemOf(kept, id, item)
  kept.deleteItem(id, item)
  return show(kept.find(id))
}

/** The newest first, unless it is asked for otherwise. */
function pageOf(items: readonly Item[], query: URLSearchParams): object {
  const ordered = query.get('order') === 'asc' ? items : [...items].reverse()
  const after = query.get('after')
  const from = after === null ? 0 : ordered.findIndex(({ id }) => id === after) + 1
  const limit = Number(query.get('limit') ?? itemsMax)
  return listOf(ordered.slice(from, from + limit), ordered.length > from + limit)
}

function listOf(data: readonly Item[], more = false): object {
  return { object: 'list', data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more: more }
}
