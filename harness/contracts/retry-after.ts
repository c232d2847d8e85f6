/**
 * The header `retry-after`, read by RFC 9110, 10.2.3. Apart, because oracles ask what was advised, and a trial grants an
 * agent the time that it was told to wait.
 */
import type { FailureDetails } from './provider.js'

/** The headers that say what a server advises about coming back, as it stands; none for what is not given. */
export function adviceHeaders({
  retryAfter,
  retryAfterMs,
}: Pick<FailureDetails, 'retryAfter' | 'retryAfterMs'>): Readonly<Record<string, string>> {
  return {
    ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
    ...(retryAfterMs !== undefined && { 'retry-after-ms': retryAfterMs }),
  }
}

/** No timer of Node's or a browser's can wait longer; such advice cannot be followed by a single wait, and is hostile. */
const timerMaxMs = 2 ** 31 - 1

const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * Milliseconds to wait: seconds, fractions being common, or until a date. `undefined` for what is no such thing, lies in
 * the past, is not positive or cannot be waited for. `wallMs` is the date of the answer; without it no date counts.
 */
export function retryAfterMs(text: string | undefined, wallMs: number | undefined): number | undefined {
  const value = text?.trim()
  if (value === undefined) return undefined
  if (/^\d+(?:\.\d+)?$/.test(value)) return waitable(Number(value) * 1_000)
  return wallMs !== undefined && httpDate.test(value) ? waitable(Date.parse(value) - wallMs) : undefined
}

/** What a timer can wait; `undefined` for anything else. */
export function waitable(ms: number | undefined): number | undefined {
  return ms !== undefined && ms > 0 && ms <= timerMaxMs ? ms : undefined
}
