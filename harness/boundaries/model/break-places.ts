/**
 * Where an answer breaks off, by what it means. A wire is not asked for it: what a client can know of so many bytes tells
 * what stands at each border between events.
 */
import type { BreakPlace } from '../../../faults/action.js'
import type { Arrived } from '../../contracts/failure.js'

/** What has come at a border, after `length` characters. */
interface Border {
  readonly length: number
  readonly came: Arrived
}

/** How many characters come first; `undefined` where the answer has no such place. Of several the middle one is taken. */
export function lengthUpTo(
  place: BreakPlace,
  events: readonly string[],
  arrived: (bytes: string) => Arrived,
): number | undefined {
  const pieces = events.length > 1 ? events : slicesOf(events.join(''))
  const borders = bordersOf(pieces, arrived)
  const last = borders.pop()
  if (!last) return undefined
  const whole = last.came
  switch (place) {
    case 'before-content':
      return borders.findLast(({ came }) => isEmpty(came))?.length
    case 'in-text':
      return middle(borders.filter(({ came: { text } }) => text !== '' && text.length < whole.text.length))
    case 'in-character':
      return firstOfSeveralBytes(pieces.join(''), borders)
    case 'in-input':
      return middle(borders.filter(({ came }) => isInInput(came, whole)))
    case 'after-block':
      return borders.find(({ came }) => endsBlock(came, whole))?.length
    case 'before-stop':
      return borders.find(({ came }) => isAllSaid(came, whole))?.length
    case 'before-last-event':
      return borders.at(-1)?.length
  }
}

/** Where the first character begins that takes several bytes in UTF-8, once content has begun. */
function firstOfSeveralBytes(text: string, borders: readonly Border[]): number | undefined {
  const begins = borders.findLast(({ came }) => isEmpty(came))?.length ?? 0
  const after = text.slice(begins).search(/[^\0-\x7f]/)
  return after < 0 ? undefined : begins + after
}

/** A body of one piece breaks off anywhere, so that it is looked at in so many places. */
const slices = 64

function slicesOf(body: string): string[] {
  const size = Math.max(1, Math.ceil(body.length / slices))
  return Array.from({ length: Math.ceil(body.length / size) }, (_, at) => body.slice(at * size, (at + 1) * size))
}

function bordersOf(pieces: readonly string[], arrived: (bytes: string) => Arrived): Border[] {
  let text = ''
  return ['', ...pieces].map((piece) => {
    text += piece
    return { length: text.length, came: arrived(text) }
  })
}

function middle(borders: readonly Border[]): number | undefined {
  return borders[Math.floor(borders.length / 2)]?.length
}

function isEmpty({ text, toolCalls, partial }: Arrived): boolean {
  return text === '' && toolCalls.length === 0 && (partial === undefined || partial.input === '')
}

/** A text or a call has come whole, and nothing of what comes behind it. */
function endsBlock({ text, toolCalls, partial }: Arrived, whole: Arrived): boolean {
  return text === whole.text && partial === undefined && text.length + toolCalls.length > 0
}

/** Some of a call's input has come, and not all. */
function isInInput(came: Arrived, whole: Arrived): boolean {
  return came.partial !== undefined && came.partial.input !== '' && !hasWholeInput(came, whole)
}

/** Whether of the call that has begun only its end is still to come. */
function hasWholeInput({ toolCalls, partial }: Arrived, whole: Arrived): boolean {
  return partial?.input === JSON.stringify(whole.toolCalls[toolCalls.length]?.input)
}

/** All has been said, and perhaps not yet that the last call is over. */
function isAllSaid(came: Arrived, whole: Arrived): boolean {
  const { text, toolCalls, partial } = came
  const isWhole = partial === undefined ? whole.toolCalls[toolCalls.length] === undefined : hasWholeInput(came, whole)
  return text === whole.text && isWhole && toolCalls.length + (partial ? 1 : 0) === whole.toolCalls.length
}
