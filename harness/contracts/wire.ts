/** What really passed over a wire, for whoever looks for a bug: outside of the trace and its digest. */
import type { Body } from './body.js'
import type { Delivery, SentRequest } from './transport.js'

export interface WireRecord {
  /** The number of the crossing in the trace. */
  readonly crossing: number
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    readonly encoding?: Body['encoding']
  }
  readonly delivery: Delivery
}

/** Called for every exchange; absent where nobody wants to know. */
export type Wiretap = (record: WireRecord) => void

export function sentOf(request: SentRequest): WireRecord['request'] {
  const { method, url, body, encoding } = request
  return { method, url, headers: request.headers(), body, ...(encoding && { encoding }) }
}
