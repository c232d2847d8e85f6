/**
 * How the items of a conversation go together: each call with one result, reasoning with what came out of it, no item twice.
 * These are the rules that agents break when they trim, repair or resume a history.
 */
import { invalid } from '../error.js'
import type { ReadItem } from './items.js'
import { unseal } from './secret.js'
import type { ResponseStore } from './store.js'

/** The last `added` are of the request itself; `stored`: whether it asks to be kept. Throws `Refused` in the API's words. */
export function checkPairing(
  items: readonly ReadItem[],
  { added, store, stored }: { readonly added: number; readonly store: ResponseStore; readonly stored: boolean },
): void {
  checkIds(items)
  for (let index = items.length - added; index < items.length; index++) {
    const item = items[index]
    if (item?.type === 'reasoning') checkReasoning(item, items[index + 1], store, stored)
  }
  checkOrigins(items, store)
  checkCalls(items)
}

function checkIds(items: readonly ReadItem[]): void {
  const seen = new Set<string>()
  for (const { id } of items) {
    if (id === undefined) continue
    if (seen.has(id)) {
      const message = `Duplicate item found with id ${id}. Remove duplicate items from your input and try again.`
      throw invalid(message, { param: 'input', reason: 'repeated-item' })
    }
    seen.add(id)
  }
}

/** Thoughts are the endpoint's own: it has kept them, or finds them in what it once encrypted. */
function checkReasoning(
  { item, id }: ReadItem,
  next: ReadItem | undefined,
  store: ResponseStore,
  stored: boolean,
): void {
  const { encrypted_content: secret } = item
  const kept = id === undefined ? undefined : store.item(id)?.item
  const isAsKept = kept !== undefined && kept.encrypted_content === secret
  if (typeof secret === 'string' && !isAsKept) checkSecret(secret, id)
  else if (id !== undefined && !kept) throw notKeptError(id, stored)
  if (next && next.message.role === 'assistant' && next.type !== 'reasoning') return
  const message = `Item '${id}' of type 'reasoning' was provided without its required following item.`
  throw invalid(message, { param: 'input', reason: 'incomplete-reasoning' })
}

function checkSecret(secret: string, id: string | undefined): void {
  const own = unseal(secret)
  if (own !== undefined && (id === undefined || own === id)) return
  const reason =
    own === undefined
      ? 'Encrypted content could not be decrypted or parsed.'
      : 'Encrypted content item_id did not match the target item id.'
  const message = `The encrypted content ${secret.slice(0, 4)}...${secret.slice(-4)} could not be verified. Reason: ${reason}`
  throw invalid(message, { code: 'invalid_encrypted_content', reason: 'unverified-reasoning' })
}

/** An item that is not kept, or no longer. */
export function notKeptError(id: string, stored: boolean): Error {
  const advice = stored
    ? ''
    : ' Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.'
  return invalid(`Item with id '${id}' not found.${advice}`, { status: 404, param: 'input', reason: 'unknown-item' })
}

/** What came out of reasoning comes back with it. */
function checkOrigins(items: readonly ReadItem[], store: ResponseStore): void {
  const ids = new Set(items.map(({ id }) => id))
  for (const { id, type } of items) {
    const reasoning = id === undefined ? undefined : store.item(id)?.reasoning
    if (reasoning === undefined || ids.has(reasoning)) continue
    const message = `Item '${id}' of type '${type}' was provided without its required 'reasoning' item: '${reasoning}'.`
    throw invalid(message, { param: 'input', reason: 'incomplete-reasoning' })
  }
}

/** Kinds of calls, and what the API calls them in its words. */
const calls: Readonly<Record<string, string>> = {
  function_call: 'function call',
  custom_tool_call: 'custom tool call',
}

function checkCalls(items: readonly ReadItem[]): void {
  const asked = new Set<string>()
  const answered = new Set<string>()
  for (const { type, call } of items) {
    if (call === undefined) continue
    if (type in calls) asked.add(call)
    else if (!asked.has(call)) throw uncalledError(calls[type.replace('_output', '')], call)
    else answered.add(call)
  }
  const open = items.find(({ type, call }) => type in calls && call !== undefined && !answered.has(call))
  if (!open) return
  const message = `No tool output found for ${calls[open.type]} ${open.call}.`
  throw invalid(message, { param: 'input', reason: 'unanswered-tool-call' })
}

function uncalledError(kind: string | undefined, id: string): Error {
  const message = `No tool call found for ${kind} output with call_id ${id}.`
  return invalid(message, { param: 'input', reason: 'unknown-tool-result' })
}
