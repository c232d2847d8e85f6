/** An answer on its way back: in one piece, slowly, or cut short. */
import type { Modifier } from '../../../faults/action.js'
import type { ActionAt } from '../../../faults/boundaries.js'
import type { OpenCrossing } from '../../contracts/crossing.js'
import type { Chunk, Delivery } from '../../contracts/transport.js'
import type { PlainAnswer } from './answer.js'
import type { Received } from './request.js'

type Answer = Extract<Delivery, { kind: 'answer' }>
type Cut = Extract<ActionAt<'http'>, { kind: 'cut' }>
type Pace = Extract<Modifier, { kind: 'pace' }>

/** In how many pieces a slow answer comes. */
const piecesOfSlow = 4

export function deliveryOf(
  { status, headers, body, encoding }: PlainAnswer,
  { crossing, received }: { readonly crossing: OpenCrossing<'http'>; readonly received: Received },
): Answer {
  // An answer to HEAD has the headers of the answer to GET and no body (RFC 9110, section 9.3.2).
  const text = received.method === 'HEAD' ? '' : body
  const pace = crossing.treatment.modifiers.find((modifier) => modifier.kind === 'pace')
  const pieces = pace ? slowly(text, pace) : inOnePiece(text)
  const chunks = encoding ? pieces.map((piece) => ({ ...piece, encoding })) : pieces
  return { kind: 'answer', status, headers, chunks, end: 'close' }
}

/** In characters of its body, or in bytes of one that is no text. */
export function lengthOf(delivery: Delivery): number {
  return delivery.kind === 'answer' ? delivery.chunks.reduce((sum, { text }) => sum + text.length, 0) : 0
}

function inOnePiece(text: string): Chunk[] {
  return text === '' ? [] : [{ afterMs: 0, text }]
}

function slowly(text: string, { firstMs, eachMs }: Pace): Chunk[] {
  const characters = [...text]
  const size = Math.ceil(characters.length / piecesOfSlow)
  const chunks: Chunk[] = []
  for (let from = 0; from < characters.length; from += size) {
    chunks.push({ afterMs: from === 0 ? firstMs : eachMs, text: characters.slice(from, from + size).join('') })
  }
  return chunks
}

/**
 * The first `share` of the body, always less than all of it. The headers tell its whole length, so to a client an early
 * end of the connection is an error whether or not it was clean. Of an answer without a body nothing arrives at all.
 */
export function cutBody(answer: Answer, share: number, how: Cut['how']): Delivery {
  const length = lengthOf(answer)
  const end = how === 'stall' ? 'stall' : 'reset'
  if (length === 0) return { kind: 'no-answer', how: end === 'stall' ? 'silence' : 'reset' }
  let left = Math.min(Math.floor(length * share), length - 1)
  const chunks: Chunk[] = []
  for (const chunk of answer.chunks) {
    if (left <= 0) break
    chunks.push({ ...chunk, text: chunk.text.slice(0, left) })
    left -= chunk.text.length
  }
  return { ...answer, chunks, end }
}
