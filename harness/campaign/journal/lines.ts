/** The lines of a file that may be large and torn at its end, one at a time. */
import { readSync } from 'node:fs'

/** Where a line stands, and how long it is with its end, in bytes. */
export interface LinePlace {
  readonly at: number
  readonly bytes: number
}

export interface WholeLine extends LinePlace {
  readonly value: unknown
}

const chunkBytes = 1 << 20
const newline = 10

/** From the beginning on, up to the first that is no JSON or has no end: what comes after it was never written whole. */
export function* wholeLinesOf(fd: number): Generator<WholeLine> {
  const chunk = Buffer.alloc(chunkBytes)
  let rest: Buffer = Buffer.alloc(0)
  let [at, position] = [0, 0]
  for (
    let read = readSync(fd, chunk, 0, chunkBytes, 0);
    read > 0;
    read = readSync(fd, chunk, 0, chunkBytes, position)
  ) {
    position += read
    rest = Buffer.concat([rest, chunk.subarray(0, read)])
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      const value = parse(rest.toString('utf8', 0, end))
      if (value === undefined) return
      yield { value, at, bytes: end + 1 }
      at += end + 1
      rest = rest.subarray(end + 1)
    }
  }
}

/** The line that stands there, which was whole when it was found. */
export function lineAt(fd: number, { at, bytes }: LinePlace): unknown {
  const buffer = Buffer.alloc(bytes)
  readSync(fd, buffer, 0, bytes, at)
  return parse(buffer.toString('utf8'))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
