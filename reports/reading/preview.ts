/**
 * Inputs and outputs of crossings in a few words. A request to a model carries the whole conversation every time; only
 * what is new in it is worth a line.
 */
import type { Block, Reply, ToolUse } from '../../harness/contracts/conversation.js'
import type { Failure } from '../../harness/contracts/failure.js'
import type { EventOf, TraceEvent } from '../../harness/contracts/trace.js'
import { oneLine } from '../drawing/text.js'
import { outputText, requestText } from './request.js'

/** What was asked: the arguments of a tool, or the newest message to a model. */
export function inputPreview({ request }: EventOf<'call'>): string {
  const newest = request.kind === 'model' ? request.messages.at(-1) : undefined
  return newest ? newest.blocks.map(blockText).join(' + ') : oneLine(requestText(request))
}

/** What came back: what the model said and asked for, or the output, or the error as the caller saw it. */
export function outcomePreview({ outcome, reply }: EventOf<'return'>): string {
  if (outcome.kind === 'failed') {
    return `failed (${outcome.class}): ${errorText(outcome.error)}${arrivedText(outcome.failure)}`
  }
  if (reply === undefined) return oneLine(outputText(outcome.output)) || 'nothing'
  const calls = reply.blocks.flatMap((block) => (block.kind === 'text' ? [] : [askText(block)]))
  const text = reply.blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : [])).join('')
  const parts = [
    calls.length > 0 ? `calls ${calls.join(', ')}` : '',
    text === '' ? '' : JSON.stringify(oneLine(text)),
    reply.gaveUp ? '(gave up)' : '',
  ].filter((part) => part !== '')
  return parts.length > 0 ? parts.join(' ') : `nothing (${reply.stop})`
}

/** What of a model's answer had come when it broke off; nothing for what failed in another way. */
export function arrivedText(failure: Failure): string {
  if (failure.kind !== 'cut') return ''
  const { at, of, arrived } = failure
  const { text = '', toolCalls = [], partial } = arrived ?? {}
  const parts = [
    text === '' ? '' : JSON.stringify(oneLine(text)),
    ...toolCalls.map(callText),
    partial ? `${partial.name} ${oneLine(partial.input)}...` : '',
  ].filter((part) => part !== '')
  return `; ${at} of ${of} characters had come${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`
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

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return JSON.stringify(oneLine(block.text))
    case 'tool-call':
      return `calls ${callText(block)}`
    case 'tool-result':
      return `${block.failed ? 'error' : 'result'} ${JSON.stringify(oneLine(block.text))}`
    case 'other':
      return `[${block.type}]`
  }
}

function askText(block: Exclude<Reply['blocks'][number], { kind: 'text' }>): string {
  return block.kind === 'broken-call' ? `${block.name} ${oneLine(block.text)} (no JSON)` : callText(block)
}

function callText({ name, input }: ToolUse): string {
  return `${name} ${JSON.stringify(input)}`
}
