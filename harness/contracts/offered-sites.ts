/** What a plan could aim at in a trial: the sites that the agent met, and those that were there for it. */
import type { Site } from '../../faults/site.js'
import type { Trace } from './trace.js'

/** The tools by name, and each service as a pattern over whatever may be asked of it. */
export function offeredSites(tools: Iterable<string>, origins: readonly string[]): Site[] {
  return [
    ...[...tools].map((target): Site => ({ boundary: 'tool', target })),
    ...origins.map((origin): Site => ({ boundary: 'http', target: `* ${new URL(origin).host}/*` })),
  ]
}

/** Without a trace nothing is known to have been met. */
export function sitesIn(trace: Trace | undefined, offered: readonly Site[] = []): Site[] {
  return [...(trace?.events ?? []).flatMap((event) => (event.kind === 'call' ? [event.site] : [])), ...offered]
}
