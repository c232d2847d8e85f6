/** A `fetch` in memory that answers what was answered in a trial, in the order in which it was asked then. */
import type { WireRecord } from '../../../harness/contracts/wire.js'

export interface Playback {
  readonly fetch: typeof globalThis.fetch
  /** Throws unless everything was asked for; then it begins anew. */
  rewind(): void
}

/** It parses what it is sent, as any fake must. */
export function playBack(wire: readonly WireRecord[]): Playback {
  const answers = wire.map(({ request, delivery }) => {
    if (delivery.kind !== 'answer') throw new Error(`${request.url} was not answered in the trial`)
    const { status, headers, chunks } = delivery
    return { url: request.url, body: chunks.map(({ text }) => text).join(''), init: { status, headers } }
  })
  let next = 0
  return {
    fetch: async (url, init) => {
      const answer = answers[next++]
      if (answer?.url !== String(url)) throw new Error(`asked for ${url}: expected ${answer?.url}`)
      JSON.parse(String(init?.body))
      return new Response(answer.body, answer.init)
    },
    rewind: () => {
      if (next !== answers.length) throw new Error(`asked for ${next} answers: expected ${answers.length}`)
      next = 0
    },
  }
}
