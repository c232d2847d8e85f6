/**
 * How names and values stand in a plan's text: as they are where that is unambiguous, in JSON quotes otherwise. Apart,
 * because printing, reading and the messages of refusals must agree on it.
 */
import type { Json } from '../json.js'
import type { Site } from '../site.js'

/** What needs no quotes. A fault's name may not begin with a slash, or it could be taken for a comment. */
export const barePatterns = {
  target: /[\p{L}\p{Nd}._/*-]+/uy,
  fault: /(?!\/)[\p{L}\p{Nd}._/-]+/uy,
  name: /[\p{L}\p{Nd}._-]+/uy,
} as const
export type WordKind = keyof typeof barePatterns

/** What a message shows of a text, at most. */
const shownMax = 60

/** As it stands where its characters allow that; otherwise as a JSON string. */
export function encodeWord(kind: WordKind, word: string): string {
  const pattern = barePatterns[kind]
  pattern.lastIndex = 0
  return pattern.exec(word)?.[0] === word ? word : quote(word)
}

/** `tool:refund`, as a plan names it. */
export function encodeSite({ boundary, target }: Site): string {
  return `${boundary}:${encodeWord('target', target)}`
}

/** JSON on one line, in which everything that could not be seen, or could steer a terminal, is an escape. */
export function quote(value: Json): string {
  return visible(JSON.stringify(value))
}

/** The text with JSON escapes in place of control characters, strange spaces and halves of characters. */
export function visible(text: string): string {
  return text.replace(/(?! )[\p{C}\p{Z}]/gu, (character) => {
    const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  })
}

export function clip(text: string): string {
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text
}
