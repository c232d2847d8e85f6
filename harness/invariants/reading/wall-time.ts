/**
 * Wall-clock time as the agent of a trial sees it, for facts that are dates on the wire or in spans. Apart, because a
 * trace is in milliseconds since the trial began and an invariant may not reach into the clock that ran it.
 */
import type { Trace } from '../../contracts/trace.js'

/** Every trial begins at 2026-01-01T00:00:00Z by the wall clock, in milliseconds since 1970. */
export const trialEpochMs: number = Date.UTC(2026, 0, 1)

/** Whether the wall clock was moved before the event: dates can then not be told from the trace. */
export function clockMoved({ events }: Trace, before: number = events.length): boolean {
  return events.slice(0, before).some((event) => event.kind === 'fault' && event.actions.includes('clock-jump'))
}
