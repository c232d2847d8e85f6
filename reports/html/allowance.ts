/**
 * How much of each trial is shown, so that the page stays small whatever the run found: a megabyte for every thousand
 * trials. All trials get the same; where even little of each is too much, the last ones are left to their replay command.
 */
import type { Report } from '../../harness/report.js'
import type { TraceEvent } from '../../harness/trace.js'

export interface Allowance {
  /** Events of one trial. */
  readonly eventsMost: number
  /** Characters of one request or response. */
  readonly textMost: number
  /** The traces that are shown at all, as they stand in the report. */
  readonly traces: ReadonlySet<readonly TraceEvent[]>
}

const pageBytes = 1_000_000
/** What each event takes as a mark on the timeline, a line of the list and a row of the comparison. */
const eventBytes = 1_300
const eventSteps = [400, 200, 100, 60, 40, 24] as const
const textSteps = [4_000, 2_000, 1_000, 500, 250, 120] as const

export function allowanceFor({ scenarios, totals }: Report): Allowance {
  const bytes = pageBytes * Math.max(1, totals.trials / 1_000)
  const traces = scenarios.flatMap(({ baselineEvents, violations }) => [
    ...(baselineEvents === undefined ? [] : [baselineEvents]),
    ...violations.map(({ events }) => events),
  ])
  const eventsMost = largest(eventSteps, 0.45 * bytes, (most) =>
    sum(traces, ({ length }) => Math.min(length, most) * eventBytes),
  )
  const textMost = largest(textSteps, 0.3 * bytes, (most) =>
    sum(traces, (events) => textBytes(events.slice(0, eventsMost), most)),
  )
  return { eventsMost, textMost, traces: new Set(fitting(traces, 0.8 * bytes, { eventsMost, textMost })) }
}

/** As many as there is room for, from the first on; one at least. */
function fitting(
  traces: readonly (readonly TraceEvent[])[],
  bytes: number,
  { eventsMost, textMost }: Pick<Allowance, 'eventsMost' | 'textMost'>,
): (readonly TraceEvent[])[] {
  let left = bytes
  return traces.filter((events, index) => {
    const shown = events.slice(0, eventsMost)
    left -= shown.length * eventBytes + textBytes(shown, textMost)
    return left >= 0 || index === 0
  })
}

/** The first step that fits, or the last one. */
function largest(steps: readonly number[], bytes: number, cost: (most: number) => number): number {
  return steps.find((most) => cost(most) <= bytes) ?? steps.at(-1) ?? 0
}

function sum<T>(values: readonly T[], weigh: (value: T) => number): number {
  return values.reduce((total, value) => total + weigh(value), 0)
}

/** Markup of a text is longer than the text. */
const inflation = 1.4

function textBytes(events: readonly TraceEvent[], most: number): number {
  return sum(events, (event) => inflation * Math.min(most, textLength(event)))
}

function textLength(event: TraceEvent): number {
  if (event.kind === 'call') return event.input.length
  if (event.kind !== 'return') return 0
  return event.outcome.kind === 'ok' ? event.outcome.output.length + (event.reply?.text.length ?? 0) : 200
}
