/** Headers of every answer of the API's own: who answered, and what is left of the caller's limits. */

/** Of a caller of the highest tiers. Nothing here wears out: what limits do to an agent is for faults to show. */
const requestsMax = 10_000
const tokensMax = 2_000_000
const minuteMs = 60_000

/** Of an answer that took `tokens`; all that are left where the caller is told that it is over its limit. */
export function headersOf(
  requestId: string,
  contentType: string,
  tokens: number | 'spent' = 0,
): Readonly<Record<string, string>> {
  const left = tokens === 'spent' ? 0 : Math.max(0, tokensMax - tokens)
  return {
    'content-type': contentType,
    'openai-organization': 'agent-chaos',
    'openai-processing-ms': '100',
    'openai-version': '2020-10-01',
    'x-ratelimit-limit-requests': String(requestsMax),
    'x-ratelimit-limit-tokens': String(tokensMax),
    'x-ratelimit-remaining-requests': String(requestsMax - 1),
    'x-ratelimit-remaining-tokens': String(left),
    'x-ratelimit-reset-requests': duration(minuteMs / requestsMax),
    'x-ratelimit-reset-tokens': duration(((tokensMax - left) / tokensMax) * minuteMs),
    'x-request-id': requestId,
  }
}

/** As Go writes it: `6ms`, `1.5s`, `1m0s`. */
function duration(ms: number): string {
  const whole = Math.ceil(ms)
  if (whole < 1000) return `${whole}ms`
  if (whole < minuteMs) return `${whole / 1000}s`
  return `${Math.floor(whole / minuteMs)}m${(whole % minuteMs) / 1000}s`
}
