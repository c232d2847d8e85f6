/** What a plan could aim at in a trial: the sites that the agent met, and those that were there for it. */
import type { Site } from '../../faults/site.js'
import type { Provider } from './provider.js'
import { crossingsOf, type Trace } from './trace.js'

/** The tools by name, and each service as a pattern over whatever may be asked of it. */
export function offeredSites(tools: Iterable<string>, origins: readonly string[]): Site[] {
  return [
    ...[...tools].map((target): Site => ({ boundary: 'tool', target })),
    ...origins.map((origin): Site => ({ boundary: 'http', target: `* ${new URL(origin).host}/*` })),
  ]
}

/**
 * The models of vendors that the agent did not ask, as patterns: a fallback may ask them when another plan strikes. None
 * where it asked no model at all.
 */
export function unaskedModels(trace: Trace, providers: readonly Pick<Provider, 'name' | 'prices'>[]): Site[] {
  const asked = new Set(
    crossingsOf(trace).flatMap(({ call: { request } }) => (request.kind === 'model' ? request.provider : [])),
  )
  const others = asked.size === 0 ? [] : providers.filter(({ name }) => !asked.has(name))
  return others.flatMap(({ prices }) =>
    Object.keys(prices.models).map((beginning): Site => ({ boundary: 'model', target: `${beginning}*` })),
  )
}

/** Without a trace nothing is known to have been met. */
export function sitesIn(trace: Trace | undefined, offered: readonly Site[] = []): Site[] {
  return [...(trace?.events ?? []).flatMap((event) => (event.kind === 'call' ? [event.site] : [])), ...offered]
}
