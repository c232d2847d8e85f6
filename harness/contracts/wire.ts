/** What really passed over a wire, for whoever looks for a bug: outside of the trace and its digest. */
import type { WireRequest } from './provider.js'
import type { Delivery } from './transport.js'

export interface WireRecord {
  /** The number of the crossing in the trace. */
  readonly crossing: number
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
  readonly delivery: Delivery
}

/** Called for every exchange; absent where nobody wants to know. */
export type Wiretap = (record: WireRecord) => void

export function sentOf(request: WireRequest): WireRecord['request'] {
  const { method, url, body } = request
  return { method, url, headers: request.headers(), body }
}
