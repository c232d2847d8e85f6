/** What of an answer reaches the client, and when: all of it, slowly, or up to where it breaks off. */
import type { Ending, Modifier } from '../../../faults/action.js'
import type { Arrived } from '../../contracts/failure.js'
import type { ProviderSession, WireAnswer } from '../../contracts/provider.js'
import type { BodyEnd, Chunk, Delivery } from '../../contracts/transport.js'
import { lengthUpTo } from './break-places.js'

export type TimedAnswer = Extract<Delivery, { kind: 'answer' }>
type Break = Extract<Ending, { kind: 'cut' | 'stream-error' }>

export function whole({ status, headers, chunks }: WireAnswer): TimedAnswer {
  return { kind: 'answer', status, headers, chunks: chunks.map((text) => ({ afterMs: 0, text })), end: 'close' }
}

export function pace(answer: WireAnswer, modifiers: readonly Modifier[], session: ProviderSession): TimedAnswer {
  const pacing = modifiers.find((modifier) => modifier.kind === 'pace')
  const delivery = whole(answer)
  if (!pacing) return delivery
  // A body of one piece has no place for a keep-alive.
  const count = answer.chunks.length > 1 ? pacing.pings : 0
  const pings = Array.from({ length: count }, () => ({ afterMs: pacing.eachMs, text: session.ping() }))
  const chunks = delivery.chunks.map(({ text }, index) => ({
    afterMs: index === 0 ? pacing.firstMs : pacing.eachMs,
    text,
  }))
  return { ...delivery, chunks: [...pings, ...chunks] }
}

const bodyEnds: Record<'reset' | 'clean-end' | 'stall', BodyEnd> = {
  reset: 'reset',
  'clean-end': 'close',
  stall: 'stall',
}

/** What comes before the answer breaks off; `undefined` where it has no place of that meaning. */
export function keptOf(
  ending: Break,
  answer: TimedAnswer,
  arrived: (bytes: string) => Arrived,
): TimedAnswer | undefined {
  const { place } = ending
  if (place === undefined) {
    if (ending.kind === 'cut') return cut(answer, lengthOfShare(answer, ending.at), bodyEnds[ending.how])
    return { ...answer, chunks: upTo(answer, ending.at) }
  }
  const events = answer.chunks.map(({ text }) => text)
  const length = lengthUpTo(place, events, arrived)
  if (length === undefined) return undefined
  const kept = cut(answer, length, ending.kind === 'cut' ? bodyEnds[ending.how] : 'close')
  return place === 'in-character' ? withFirstByte(kept, events.join('').slice(length)) : kept
}

/** Then one byte of the character with which the rest begins: it is no text, and says nothing yet. */
function withFirstByte(kept: TimedAnswer, rest: string): TimedAnswer {
  const byte = Buffer.from(rest.slice(0, 2)).toString('latin1', 0, 1)
  return { ...kept, chunks: [...kept.chunks, { afterMs: 0, text: byte, encoding: 'latin1' }] }
}

/**
 * Always less than all of it, or nothing would be cut. Of a stream the last event is missing as a whole. Without
 * the line break at its end some decoders take it as complete, and others do not.
 */
function lengthOfShare(answer: TimedAnswer, share: number): number {
  const { length } = textOf(answer)
  const least = answer.chunks.length > 1 ? (answer.chunks.at(-1)?.text.length ?? 1) : 1
  return Math.min(Math.floor(length * share), length - least)
}

/** The first so many characters. No event of a stream is cut within the line break at its end, for the same reason. */
function cut(answer: TimedAnswer, length: number, end: BodyEnd): TimedAnswer {
  let left = length
  const chunks: Chunk[] = []
  for (const chunk of answer.chunks) {
    if (left <= 0) break
    const isWhole = (answer.chunks.length > 1 ? chunk.text.trimEnd() : chunk.text).length <= left
    chunks.push(isWhole ? chunk : { ...chunk, text: chunk.text.slice(0, left) })
    left -= chunk.text.length
  }
  return { ...answer, chunks, end }
}

/** The first `share` of the chunks, whole, and never all of them. */
function upTo({ chunks }: TimedAnswer, share: number): readonly Chunk[] {
  return chunks.slice(0, Math.min(Math.floor(chunks.length * share), chunks.length - 1))
}

/** What can be read of it. */
export function textOf({ chunks }: TimedAnswer): string {
  return joinChunks(chunks)
}

function joinChunks(chunks: readonly Chunk[]): string {
  return chunks.map(({ text, encoding }) => (encoding ? '' : text)).join('')
}
