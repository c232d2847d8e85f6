/**
 * Which events of a trace are shown. A loop of ten thousand events is not read to its end. What shows the violation
 * stays, with what happened around it. So do the beginning and the end. The agent's own spans tell the same once more,
 * and are shown only where they show the violation.
 */
import type { TraceEvent } from '../../harness/contracts/trace.js'

export interface ShownEvent {
  readonly event: TraceEvent
  /** Where it stands in the trace. */
  readonly index: number
  /** How many events were left out just before it. */
  readonly leftOut: number
}

/** In the order of the trace; about `most` of them where there are more. */
export function excerpt(events: readonly TraceEvent[], evidence: readonly number[], most: number): ShownEvent[] {
  const kept = events.length <= most ? undefined : keptIndices(events, evidence, most)
  const shown: ShownEvent[] = []
  let leftOut = 0
  events.forEach((event, index) => {
    if (event.kind === 'span' && !evidence.includes(index)) return
    if (kept === undefined || kept.has(index)) {
      shown.push({ event, index, leftOut })
      leftOut = 0
    } else leftOut++
  })
  return shown
}

function keptIndices(events: readonly TraceEvent[], evidence: readonly number[], most: number): ReadonlySet<number> {
  const kept = new Set<number>()
  const keep = (index: number) => {
    if (kept.size < most && index >= 0 && index < events.length) kept.add(index)
  }
  for (const index of evidence.slice(0, most / 2)) keep(index)
  const ends = Math.floor(most / 6)
  for (let index = 0; index < ends; index++) {
    keep(index)
    keep(events.length - 1 - index)
  }
  for (let distance = 1; kept.size < most && distance < events.length; distance++) {
    if (evidence.length === 0) keep(ends + distance)
    for (const index of evidence) {
      keep(index - distance)
      keep(index + distance)
    }
  }
  return kept
}
