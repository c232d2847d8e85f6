/**
 * Request and response of a crossing, to be read. Of a request to a model the trace holds what is new in it. What it
 * shares with an earlier one is named and not repeated.
 */
import type { Block, BrokenCall, Message } from '../../harness/contracts/conversation.js'
import type { EventOf } from '../../harness/contracts/trace.js'
import { arrivedText, errorText } from '../reading/preview.js'
import { outputText, requestText } from '../reading/request.js'
import { type Html, html, long } from './markup.js'

export interface ShownExchange {
  readonly call: EventOf<'call'>
  readonly result: EventOf<'return'> | undefined
}

type ModelRequest = Extract<EventOf<'call'>['request'], { kind: 'model' }>

/** `most`: how many characters of one text are shown. */
export function exchange({ call, result }: ShownExchange, most: number): Html {
  return html`<section><p class="label">Request</p>${requestOf(call, most)}</section><section><p class="label">Response</p>${responseOf(result, most)}</section>`
}

function requestOf({ request }: EventOf<'call'>, most: number): Html {
  if (request.kind !== 'model' || request.unread !== undefined) return text(pretty(requestText(request)), most)
  return html`${settings(request, most)}${conversation(request, most)}`
}

/** All that is not the conversation, as far as it is not as it was. */
function settings({ model, stream, ...request }: ModelRequest, most: number): Html {
  const parts = { system: request.system, tools: request.tools, settings: request.settings }
  const present = Object.entries(parts).filter(([, { value }]) => value !== undefined)
  const same = Object.entries(parts).flatMap(([name, { value }]) => (value === undefined ? [name] : []))
  const shown = {
    model,
    ...(stream && { stream }),
    ...Object.fromEntries(present.map(([name, { value }]) => [name, value])),
  }
  return html`${text(JSON.stringify(shown, null, 2), most)}${same.length > 0 && html`<p class="fine">${same.join(', ')} as before</p>`}`
}

function conversation({ before, messages }: ModelRequest, most: number): Html {
  return html`${before > 0 && html`<p class="fine">${before} earlier ${before === 1 ? 'message' : 'messages'} as before</p>`}${messages.map((message) => messageOf(message, most))}`
}

function messageOf({ role, blocks }: Message, most: number): Html {
  return html`<div class="message"><p class="role">${role}</p>${blocks.map((block) => text(blockText(block), most))}</div>`
}

function blockText(block: Block | BrokenCall): string {
  switch (block.kind) {
    case 'text':
      return block.text
    case 'tool-call':
      return `calls ${block.name} ${JSON.stringify(block.input, null, 2)}`
    case 'broken-call':
      return `calls ${block.name} with what is no JSON: ${block.text}`
    case 'tool-result':
      return `${block.failed ? 'failed' : 'result'}: ${[block.text, ...(block.others ?? []).map(blockText)].join('\n')}`
    case 'other':
      return JSON.stringify({ type: block.type, content: block.content }, null, 2)
  }
}

function responseOf(result: EventOf<'return'> | undefined, most: number): Html {
  if (result === undefined) return html`<p class="fine">It never came.</p>`
  const { outcome, reply } = result
  if (outcome.kind === 'failed') {
    const { error, failure } = outcome
    const wait = error.retryAfter === undefined ? '' : `\nretry-after: ${error.retryAfter}`
    const why = failure.kind === 'refusal' ? `; the request was refused: ${failure.reason}` : arrivedText(failure)
    return html`<p class="fine">It failed (${outcome.class})${why}.</p>${text(errorText(error) + wait, most)}`
  }
  if (reply === undefined) return text(pretty(outputText(outcome.output)) || 'nothing', most)
  const said = reply.blocks.map(blockText).filter((part) => part !== '')
  return html`${said.map((part) => text(part, most))}<p class="fine">stopped: ${reply.stop}${reply.gaveUp && ', gave up'}; ${reply.usage.inputTokens} tokens in, ${reply.usage.outputTokens} out</p>`
}

function text(content: string, most: number): Html {
  return html`<pre>${long(content, most)}</pre>`
}

/** JSON over several lines, and anything else as it stands. */
function pretty(content: string): string {
  const value = parse(content)
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : content
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}
