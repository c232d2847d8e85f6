/**
 * The attempts of an agent in a trace: each restart after a crash begins a new one. Apart, because whatever an agent keeps
 * in its memory (counts, breakers, waits) is gone with an attempt. No oracle may hold the next one to it.
 */
import { type Crossing, crossingsOf, type Trace } from '../../contracts/trace.js'

export interface AgentAttempt {
  /** Indices of events: the first, and the one behind the last. */
  readonly from: number
  readonly to: number
  readonly crashed: boolean
  /** The crossings that began in it, in that order. */
  readonly crossings: readonly Crossing[]
}

export function attemptsOf(trace: Trace): AgentAttempt[] {
  const crossings = crossingsOf(trace)
  const restarts = trace.events.flatMap((event, index) => (event.kind === 'restart' ? [index] : []))
  return [0, ...restarts].map((from, attempt) => {
    const to = restarts[attempt] ?? trace.events.length
    const crashed = attempt < restarts.length || trace.end.kind === 'crash-loop'
    return { from, to, crashed, crossings: crossings.filter(({ callIndex }) => callIndex >= from && callIndex < to) }
  })
}

/** Whether the events at both indices belong to one attempt. */
export function inOneAttempt(trace: Trace, earlier: number, later: number): boolean {
  return !trace.events.slice(earlier + 1, later).some((event) => event.kind === 'restart')
}
