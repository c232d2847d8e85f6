/**
 * The lines of a file that may be large, torn at its end or damaged anywhere, one at a time. Each ends in a seal: a digest over it and
 * over the seal before it. So a line that was altered, moved, left out or put in ends what can be read.
 */
import { readSync } from 'node:fs'
import { shortDigest } from '../../contracts/digest.js'

/** Where a line stands, how long it is with its end, in bytes, and the seal that it follows. */
export interface LinePlace {
  readonly at: number
  readonly bytes: number
  readonly before: string
}

export interface WholeLine extends LinePlace {
  /** From 1. */
  readonly number: number
  readonly value: unknown
  readonly seal: string
}

/** Stands before the first line. */
export const firstSeal = ''

const chunkBytes = 1 << 16
const newline = 10
/** All are of one length. */
const endLength = endWith(shortDigest('')).length

/** The text of a line as it is written behind the one with that seal, and its own seal. */
export function sealLine(line: object, before: string): { readonly text: string; readonly seal: string } {
  const body = JSON.stringify(line).slice(0, -1)
  const seal = shortDigest(before + body)
  return { text: `${body}${endWith(seal)}\n`, seal }
}

/**
 * Calls `onLine` for each, from the beginning on, up to the first that is not as it was written. Gives the number of that one, from 1;
 * nothing where all are whole, or where the last has no end: that one was never written whole.
 */
export function readLines(fd: number, onLine: (line: WholeLine) => void): number | undefined {
  let [at, before, number] = [0, firstSeal, 0]
  for (const bytes of endedLinesOf(fd)) {
    number++
    const line = openSealed(bytes, before)
    if (line === undefined) return number
    onLine({ ...line, number, at, bytes: bytes.length, before })
    at += bytes.length
    before = line.seal
  }
  return undefined
}

/** The line that stands there, which was whole when it was found; `undefined` where it is another by now. */
export function lineAt(fd: number, { at, bytes, before }: LinePlace): unknown {
  const buffer = Buffer.alloc(bytes)
  readSync(fd, buffer, 0, bytes, at)
  return openSealed(buffer, before)?.value
}

/** With their ends. */
function* endedLinesOf(fd: number): Generator<Buffer> {
  const chunk = Buffer.allocUnsafe(chunkBytes)
  let pieces: Buffer[] = []
  let position = 0
  for (let read = 1; read > 0; position += read) {
    read = readSync(fd, chunk, 0, chunkBytes, position)
    let rest = chunk.subarray(0, read)
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      yield Buffer.concat([...pieces, rest.subarray(0, end + 1)])
      pieces = []
      rest = rest.subarray(end + 1)
    }
    // The chunk is used again.
    pieces.push(Buffer.from(rest))
  }
}

/** `undefined` where it is not what was written behind the line with that seal. */
function openSealed(bytes: Buffer, before: string): Pick<WholeLine, 'value' | 'seal'> | undefined {
  const end = bytes.length - 1 - endLength
  if (end < 0) return undefined
  const body = bytes.toString('utf8', 0, end)
  const seal = shortDigest(before + body)
  if (bytes.toString('utf8', end) !== `${endWith(seal)}\n`) return undefined
  return { value: JSON.parse(`${body}}`), seal }
}

function endWith(seal: string): string {
  return `,"seal":"${seal}"}`
}
