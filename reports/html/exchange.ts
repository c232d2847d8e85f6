/**
 * Request and response of a crossing, to be read. Every request to a model carries the whole conversation; what it shares
 * with the request before it is named and not repeated.
 */
import { asksModel } from '../../harness/contracts/boundary.js'
import type { EventOf } from '../../harness/contracts/trace.js'
import { errorText } from '../reading/preview.js'
import { type Html, html, long } from './markup.js'

type Fields = Readonly<Record<string, unknown>>

export interface Exchange {
  readonly call: EventOf<'call'>
  readonly result: EventOf<'return'> | undefined
  /** The request before it at the same site. */
  readonly before: EventOf<'call'> | undefined
}

/** `most`: how many characters of one text are shown. */
export function exchange({ call, result, before }: Exchange, most: number): Html {
  return html`<section><p class="label">Request</p>${requestOf(call, before, most)}</section><section><p class="label">Response</p>${responseOf(result, most)}</section>`
}

function requestOf(call: EventOf<'call'>, before: EventOf<'call'> | undefined, most: number): Html {
  const body = asksModel(call.site) ? fieldsOf(call.input) : undefined
  if (body === undefined || !Array.isArray(body.messages)) return text(pretty(call.input), most)
  const known = before === undefined ? undefined : fieldsOf(before.input)
  return html`${settings(body, known, most)}${conversation(body.messages, known?.messages, most)}`
}

/** All that is not the conversation, as far as it is not as it was. */
function settings(body: Fields, known: Fields | undefined, most: number): Html {
  const names = Object.keys(body).filter((name) => name !== 'messages')
  const changed = names.filter((name) => known === undefined || !same(body[name], known[name]))
  const rest = names.length - changed.length
  const shown = Object.fromEntries(changed.map((name) => [name, body[name]]))
  return html`${changed.length > 0 && text(JSON.stringify(shown, null, 2), most)}${rest > 0 && html`<p class="fine">${names.filter((name) => !changed.includes(name)).join(', ')} as before</p>`}`
}

function conversation(messages: readonly unknown[], known: unknown, most: number): Html {
  const shared = Array.isArray(known) ? sharedLength(messages, known) : 0
  return html`${shared > 0 && html`<p class="fine">${shared} earlier ${shared === 1 ? 'message' : 'messages'} as before</p>`}${messages
    .slice(shared)
    .map((message) => messageOf(message, most))}`
}

function sharedLength(messages: readonly unknown[], known: readonly unknown[]): number {
  const different = messages.findIndex((message, index) => index >= known.length || !same(message, known[index]))
  return different === -1 ? messages.length : different
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

function messageOf(message: unknown, most: number): Html {
  const { role, content } = isFields(message) ? message : { role: undefined, content: message }
  const blocks = Array.isArray(content) ? content : [content]
  return html`<div class="message"><p class="role">${typeof role === 'string' ? role : 'message'}</p>${blocks.map((block) => text(blockText(block), most))}</div>`
}

function blockText(block: unknown): string {
  if (typeof block === 'string') return block
  if (!isFields(block)) return JSON.stringify(block) ?? ''
  if (typeof block.text === 'string') return block.text
  if (block.type === 'tool_use') return `calls ${block.name} ${JSON.stringify(block.input, null, 2)}`
  if (block.type === 'tool_result') {
    const content = Array.isArray(block.content) ? block.content.map(blockText).join('\n') : blockText(block.content)
    return `${block.is_error === true ? 'failed' : 'result'}: ${content}`
  }
  return JSON.stringify(block, null, 2)
}

function responseOf(result: EventOf<'return'> | undefined, most: number): Html {
  if (result === undefined) return html`<p class="fine">It never came.</p>`
  const { outcome, reply } = result
  if (outcome.kind === 'failed') {
    const wait = outcome.error.retryAfter === undefined ? '' : `\nretry-after: ${outcome.error.retryAfter}`
    return html`<p class="fine">It failed (${outcome.class}).</p>${text(errorText(outcome.error) + wait, most)}`
  }
  if (reply === undefined) return text(outcome.output === '' ? 'nothing' : pretty(outcome.output), most)
  const said = [reply.text, ...reply.toolCalls.map((call) => `calls ${call}`)].filter((part) => part !== '')
  return html`${said.map((part) => text(part, most))}<p class="fine">stopped: ${reply.stop}${reply.gaveUp && ', gave up'}; ${reply.usage.inputTokens} tokens in, ${reply.usage.outputTokens} out</p>`
}

function text(content: string, most: number): Html {
  return html`<pre>${long(content, most)}</pre>`
}

/** JSON over several lines, and anything else as it stands. */
function pretty(content: string): string {
  const value = parsed(content)
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : content
}

function fieldsOf(content: string): Fields | undefined {
  const value = parsed(content)
  return isFields(value) ? value : undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}
