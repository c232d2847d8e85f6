/**
 * Inputs and outputs of crossings in a few words. A request to a model carries the whole conversation every time; only
 * what is new in it is worth a line.
 */
import { asksModel } from '../../harness/contracts/boundary.js'
import type { EventOf, TraceEvent } from '../../harness/contracts/trace.js'
import { oneLine } from '../drawing/text.js'

type Fields = Readonly<Record<string, unknown>>

/** What was asked: the arguments of a tool, or the newest message to a model. */
export function inputPreview({ site, input }: EventOf<'call'>): string {
  if (!asksModel(site)) return oneLine(input)
  const body = parsed(input)
  const messages = isFields(body) ? (body.messages ?? body.input) : undefined
  if (typeof messages === 'string') return messages
  if (!Array.isArray(messages)) return oneLine(input)
  const newest: unknown = messages[messages.length - 1]
  return isFields(newest) ? messageText(newest) : oneLine(input)
}

/** What came back: what the model said and asked for, or the output, or the error as the caller saw it. */
export function outcomePreview({ outcome, reply }: EventOf<'return'>): string {
  if (outcome.kind === 'failed') return `failed (${outcome.class}): ${errorText(outcome.error)}`
  if (reply === undefined) return oneLine(outcome.output) || 'nothing'
  const parts = [
    reply.toolCalls.length > 0 ? `calls ${reply.toolCalls.join(', ')}` : '',
    reply.text === '' ? '' : JSON.stringify(oneLine(reply.text)),
    reply.gaveUp ? '(gave up)' : '',
  ].filter((part) => part !== '')
  return parts.length > 0 ? parts.join(' ') : `nothing (${reply.stop})`
}

/** `TimeoutError ETIMEDOUT 504: no answer`, as far as these are known. */
export function errorText({ name, code, status, message }: EventOf<'unhandled'>['error']): string {
  const kind = [name, code, status].filter((part) => part !== undefined && part !== '').join(' ')
  return message === '' ? kind : `${kind}: ${oneLine(message)}`
}

/** `tool:refund#2`, with the attempt where it is not the first, written as plans write it. */
export function addressText({ site, occurrence, attempt }: EventOf<'call'>): string {
  return `${siteText(site)}#${occurrence}${attempt > 1 ? `.${attempt}` : ''}`
}

export function siteText({ boundary, target }: EventOf<'call'>['site']): string {
  return `${boundary}:${/^[\p{L}\p{Nd}._/*-]+$/u.test(target) ? target : JSON.stringify(target)}`
}

/** The sites that a trial reached, each with its number of logical crossings: `tool:refund (2)`. */
export function sitesReached(events: readonly TraceEvent[]): string[] {
  const crossings = new Map<string, number>()
  for (const event of events) {
    if (event.kind !== 'call') continue
    const site = siteText(event.site)
    crossings.set(site, Math.max(crossings.get(site) ?? 0, event.occurrence))
  }
  return [...crossings].map(([site, count]) => `${site} (${count})`)
}

function messageText(message: Fields): string {
  const blocks = Array.isArray(message.content) ? message.content : [message.content ?? message.output]
  const text = blocks.map(blockText).filter((part) => part !== '')
  const said = text.join(' + ')
  return message.role === 'tool' ? `result ${said}` : said
}

function blockText(block: unknown): string {
  if (typeof block === 'string') return JSON.stringify(oneLine(block))
  if (!isFields(block)) return ''
  if (typeof block.text === 'string') return JSON.stringify(oneLine(block.text))
  if (block.type === 'tool_result')
    return `${block.is_error === true ? 'error' : 'result'} ${contentText(block.content)}`
  return typeof block.type === 'string' ? `[${block.type}]` : ''
}

function contentText(content: unknown): string {
  return Array.isArray(content) ? content.map(blockText).join(' + ') : blockText(content)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
