/** An event in one line of words, as the lists, the comparison and the timeline of the page have it. */
import type { TraceEvent } from '../../harness/contracts/trace.js'
import { styleOf } from '../drawing/style.js'
import { eventText } from '../reading/event.js'

const marks = styleOf({ width: 80, color: false, unicode: true }).marks

/** Of an event that only a later version knows, its kind. `label` says which call an answer belongs to. */
export function eventLine(event: TraceEvent, label?: string): string {
  const text: string | undefined = eventText(event, marks, label)
  return text ?? event.kind
}
