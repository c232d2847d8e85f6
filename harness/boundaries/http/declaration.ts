/** Reads what a scenario declares with `http.service`, and refuses what cannot be served with words that help. */
import { UserError } from '../../contracts/errors.js'
import type { ServiceHandler, ServiceOptions } from '../../contracts/service.js'
import { isLoopback } from '../../sandbox/stubs/sockets.js'

export const latencyMsDefault = 100

/** The origin as `URL.origin` has it. `taken` are those declared before, `reserved` those of model providers. */
export function readOrigin(given: string, taken: Iterable<string>, reserved: readonly string[]): string {
  const url = parse(given)
  if (!url) throw wrong(given, 'expected an origin such as "https://api.example.com"', suggestion(given))
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw wrong(given, 'expected an origin of http: or https:', undefined)
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw wrong(given, 'expected an origin alone, without path, query or user; the handler sees the path', url.origin)
  }
  const { origin } = url
  if (isLoopback(url.hostname)) {
    throw wrong(given, 'expected another machine: in a trial loopback is real', undefined)
  }
  if (reserved.includes(origin)) {
    throw wrong(given, "expected no model provider's origin: the scenario's model answers there", undefined)
  }
  if ([...taken].includes(origin)) {
    throw wrong(given, 'it is declared already; expected one handler per origin, which tells paths apart', undefined)
  }
  return origin
}

export function checkOptions(origin: string, handler: ServiceHandler, { latencyMs, intent }: ServiceOptions): void {
  if (typeof handler !== 'function')
    throw wrong(origin, `expected a handler function, got ${typeof handler}`, undefined)
  if (intent !== undefined && typeof intent !== 'function') {
    throw wrong(origin, `intent: expected a function of the request, got ${typeof intent}`, undefined)
  }
  if (latencyMs !== undefined && !(latencyMs >= 0 && Number.isFinite(latencyMs))) {
    throw wrong(origin, `latencyMs: expected virtual milliseconds, 0 or more, got ${String(latencyMs)}`, undefined)
  }
}

function parse(given: string): URL | undefined {
  try {
    return new URL(given)
  } catch {
    return undefined
  }
}

/** What is no URL is most often a host without its scheme. */
function suggestion(given: string): string | undefined {
  return parse(`https://${given}`)?.origin
}

function wrong(given: string, rule: string, instead: string | undefined): UserError {
  const hint = instead === undefined ? '' : `. Did you mean "${instead}"?`
  return new UserError(`http.service(${JSON.stringify(given)}): ${rule}${hint}`)
}
