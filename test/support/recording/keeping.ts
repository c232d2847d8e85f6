/**
 * A vendor that keeps conversations, as OpenAI documents it: responses are gone on from by their ids, and items and conversations
 * found under theirs. Written by hand, so that no reader of ours is held to a writer of ours.
 */
import type { IncomingMessage } from 'node:http'
import { responses, type Said } from './vendors.js'

interface Asked {
  readonly input: string | readonly { readonly type?: string; readonly id?: string; readonly call_id?: string }[]
  readonly previous_response_id?: string
  readonly conversation?: string | { readonly id: string }
  readonly stream?: boolean
}

interface Kept {
  readonly id: string
  readonly output: readonly { readonly id: string; readonly call_id?: string }[]
}

const refuse = (message: string) => ({ status: 400, text: JSON.stringify({ error: { message } }) })
const json = (value: object) => ({ text: JSON.stringify(value) })

/** A response that was answered before it was started. */
export const yesterday = 'resp_0of0yesterday'

/** Says one thing after the other, again and again; `said` counts on through all conversations, as ids do. */
export function keepingVendor(said: readonly Said[]): (request: IncomingMessage, body: string) => { text: string } {
  let turn = 0
  const known = new Set([yesterday])
  const answer = (asked: Asked) => {
    const items = typeof asked.input === 'string' ? [] : asked.input
    const { conversation, previous_response_id: previous } = asked
    const needed = [
      typeof conversation === 'object' ? conversation.id : conversation,
      previous,
      ...items.flatMap(({ type, id, call_id }) =>
        type === 'item_reference' ? id : type?.endsWith('_output') ? call_id : [],
      ),
    ]
    const missing = needed.find((id) => id !== undefined && !known.has(id))
    if (missing !== undefined) return refuse(`${missing} not found`)
    const number = turn++
    const whole = responses(said[number % said.length] as Said, number, false)
    const { id, output } = JSON.parse(whole.text) as Kept
    for (const each of [id, ...output.flatMap((item) => [item.id, item.call_id ?? item.id])]) known.add(each)
    return asked.stream ? responses(said[number % said.length] as Said, number, true) : whole
  }
  return ({ method, url = '' }, body) => {
    if (url === '/v1/responses') return answer(JSON.parse(body) as Asked)
    const id = `conv_0${known.size}f3c9aa`
    if (method !== 'POST' || !url.startsWith('/v1/conversations')) return refuse(`no such path: ${method} ${url}`)
    const items = (JSON.parse(body) as { readonly items?: readonly object[] }).items ?? []
    if (url.endsWith('/items')) {
      const data = items.map((item, index) => ({ id: `msg_0${known.size}${index}aa`, status: 'completed', ...item }))
      return json({ object: 'list', data, first_id: data[0]?.id, last_id: data.at(-1)?.id, has_more: false })
    }
    known.add(id)
    return json({ id, object: 'conversation', created_at: 1780000000, metadata: {} })
  }
}
