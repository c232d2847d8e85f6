/** What a `fetch` makes of an answer with codings (`content-encoding`): it undoes them, and leaves the header. */
import { bodyFrom, bytesOf, decodeStrictly, isCoded } from '../../contracts/body.js'
import type { Chunk, Delivery } from '../../contracts/transport.js'

type Answer = Extract<Delivery, { kind: 'answer' }>

/** What each chunk adds to what can be read; an error where the codings are untrue of it. */
export function decodedChunks({ chunks, headers }: Answer): readonly Chunk[] | Error {
  const codings = headers['content-encoding']
  if (!isCoded(codings)) return chunks
  let come = Buffer.alloc(0)
  let read = 0
  try {
    return chunks.map((chunk) => {
      come = Buffer.concat([come, bytesOf(chunk)])
      const all = decodeStrictly(come, codings)
      const piece = all.subarray(read)
      read = all.length
      return { afterMs: chunk.afterMs, ...bodyFrom(piece) }
    })
  } catch (error) {
    return error as Error
  }
}
