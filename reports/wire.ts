/** What passed over the wire in a trial, as text to be read beside its timeline. It is no part of the trace. */
import type { WireRecord } from '../harness/contracts/wire.js'

/** Each request as it was sent, and each answer as far as it came; bodies to the byte. */
export function wireText(records: readonly WireRecord[]): string {
  return records.map(recordText).join('')
}

function recordText({ crossing, request, delivery }: WireRecord): string {
  const sent = messageText(
    `${request.method} ${request.url}`,
    request.headers,
    showBody(request.body, request.encoding),
  )
  return `=== crossing ${crossing}: request\n${sent}=== crossing ${crossing}: ${answerText(delivery)}`
}

function answerText(delivery: WireRecord['delivery']): string {
  if (delivery.kind === 'no-answer') return `no answer (${delivery.how})\n\n`
  const { status, headers, chunks, end } = delivery
  const body = chunks.map(({ text }) => text).join('')
  const encoding = chunks.find((chunk) => chunk.encoding)?.encoding
  const ending = end === 'close' ? '' : `, cut after ${body.length} ${encoding ? 'bytes' : 'characters'} (${end})`
  return `answer${ending}\n${messageText(String(status), headers, showBody(body, encoding))}`
}

/** Bytes that are no text would be none here either. */
function showBody(body: string, encoding: 'latin1' | undefined): string {
  return encoding ? `(${body.length} bytes, in base64)\n${Buffer.from(body, encoding).toString('base64')}` : body
}

function messageText(first: string, headers: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return `${[first, ...lines].join('\n')}\n\n${body}\n\n`
}
