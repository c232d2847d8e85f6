/**
 * Who did what in a trial, as lanes: the agent itself, each site that it crossed, breakers as bands, and the ledger of
 * side effects. Positions are places among the events that are shown; how wide a place is, is for the axis.
 */
import type { Boundary } from '../../faults/boundaries.js'
import { isInLedger, laneOrder } from '../../harness/contracts/boundary.js'
import type { BreakerState } from '../../harness/contracts/breaker.js'
import type { EventOf, TraceEvent } from '../../harness/contracts/trace.js'
import { addressText, siteText } from '../reading/preview.js'
import { type Band, breakerBands } from './breaker-bands.js'
import type { ShownEvent } from './excerpt.js'

export interface Bar {
  /** The event in the trace that it leads to. */
  readonly index: number
  readonly from: number
  readonly to: number
  readonly row: number
  readonly label: string
  readonly state: 'ok' | 'failed' | 'unanswered' | 'attempt'
  /** Places at which faults landed on it. */
  readonly faults: readonly number[]
  readonly isEvidence: boolean
  /** The attempt before this one, at the same request. */
  readonly retryOf: { readonly to: number; readonly row: number } | undefined
  readonly call: EventOf<'call'> | undefined
  readonly result: EventOf<'return'> | undefined
}

/** What happens at a moment and lasts no time. */
export interface Mark {
  readonly index: number
  readonly row: number
  readonly at: number
  readonly event: TraceEvent
  readonly isEvidence: boolean
}

export interface Lane {
  readonly label: string
  readonly kind: 'agent' | Boundary | 'breaker' | 'ledger'
  readonly rows: number
  readonly bars: readonly Bar[]
  readonly marks: readonly Mark[]
  readonly bands: readonly Band[]
}

export type { Band, BreakerState }

export function lanesOf(shown: readonly ShownEvent[], evidence: readonly number[]): Lane[] {
  const shows = new Set(evidence)
  const bars = callBars(shown, shows)
  const breakers = breakerBands(shown)
  const sites = laneOrder.flatMap((boundary) => siteLanes(boundary, bars))
  const taken = new Set<string>()
  const withBreakers = sites.flatMap((lane) => {
    const bands = breakers.get(lane.label)
    if (bands === undefined) return [lane]
    taken.add(lane.label)
    return [lane, breakerLane(lane.label, bands)]
  })
  const others = [...breakers].filter(([site]) => !taken.has(site)).map(([site, bands]) => breakerLane(site, bands))
  return [agentLane(shown, shows), ...withBreakers, ...others, ...ledgerLane(shown, shows, bars)]
}

interface CallBar extends Omit<Bar, 'row' | 'retryOf'> {
  readonly call: EventOf<'call'>
}

function callBars(shown: readonly ShownEvent[], shows: ReadonlySet<number>): CallBar[] {
  const returns = new Map<number, { place: number; index: number; event: EventOf<'return'> }>()
  const faults = new Map<number, number[]>()
  shown.forEach(({ event, index }, place) => {
    if (event.kind === 'return') returns.set(event.crossing, { place, index, event })
    if (event.kind === 'fault') faults.set(event.crossing, [...(faults.get(event.crossing) ?? []), place])
  })
  return shown.flatMap(({ event, index }, from) => {
    if (event.kind !== 'call') return []
    const end = returns.get(event.crossing)
    const isEvidence = shows.has(index) || (end !== undefined && shows.has(end.index))
    return [
      {
        index,
        from,
        to: end?.place ?? shown.length - 1,
        label: addressText(event),
        state: end === undefined ? 'unanswered' : end.event.outcome.kind,
        faults: faults.get(event.crossing) ?? [],
        isEvidence,
        call: event,
        result: end?.event,
      } satisfies CallBar,
    ]
  })
}

/** More sites of one boundary than this share a lane. */
const lanesMost = 6

function siteLanes(boundary: Boundary, all: readonly CallBar[]): Lane[] {
  const bars = all.filter(({ call }) => call.site.boundary === boundary)
  const sites = [...new Set(bars.map(({ call }) => siteText(call.site)))]
  if (sites.length > lanesMost) return [laneOf(`${sites.length} sites: ${boundary}`, boundary, bars)]
  return sites.map((site) =>
    laneOf(
      site,
      boundary,
      bars.filter(({ call }) => siteText(call.site) === site),
    ),
  )
}

/** Calls that run at the same time stand below each other. */
function laneOf(label: string, kind: Lane['kind'], bars: readonly CallBar[]): Lane {
  const ends: number[] = []
  const attempts = new Map<string, Bar>()
  const placed = bars.map((bar): Bar => {
    const free = ends.findIndex((end) => end <= bar.from)
    const row = free === -1 ? ends.length : free
    ends[row] = bar.to
    const { site, occurrence, attempt } = bar.call
    const request = `${siteText(site)}#${occurrence}`
    const done: Bar = { ...bar, row, retryOf: attempt > 1 ? attempts.get(request) : undefined }
    attempts.set(request, done)
    return done
  })
  return { label, kind, rows: Math.max(1, ends.length), bars: placed, marks: [], bands: [] }
}

function breakerLane(site: string, bands: readonly Band[]): Lane {
  return { label: `breaker before ${site}`, kind: 'breaker', rows: 1, bars: [], marks: [], bands }
}

const agentKinds: ReadonlySet<TraceEvent['kind']> = new Set([
  'cancel',
  'restart',
  'claim',
  'unhandled',
  'stray-request',
  'left-running',
  'end',
])

function agentLane(shown: readonly ShownEvent[], shows: ReadonlySet<number>): Lane {
  const marks = marksOf(shown, shows, ({ kind }) => agentKinds.has(kind))
  return { label: 'agent', kind: 'agent', rows: 1, bars: attempts(shown), marks, bands: [] }
}

/** From each start of the agent to its answer, its crash, or the end. */
function attempts(shown: readonly ShownEvent[]): Bar[] {
  const bars: Bar[] = []
  let from: number | undefined = shown.length > 0 ? 0 : undefined
  let attempt = 1
  const end = (to: number) => {
    if (from === undefined) return
    bars.push({
      ...attemptBar,
      index: shown[from]?.index ?? 0,
      from,
      to,
      label: attempt > 1 ? `attempt ${attempt}` : '',
    })
    from = undefined
  }
  shown.forEach(({ event }, place) => {
    if (event.kind === 'restart') {
      end(place)
      from = place
      attempt = event.attempt
    } else if (event.kind === 'claim' || event.kind === 'end' || isCrash(event)) end(place)
  })
  return bars
}

const attemptBar = {
  row: 0,
  state: 'attempt',
  faults: [],
  isEvidence: false,
  retryOf: undefined,
  call: undefined,
  result: undefined,
} as const

function isCrash(event: TraceEvent): boolean {
  return event.kind === 'fault' && event.actions.includes('crash')
}

function ledgerLane(shown: readonly ShownEvent[], shows: ReadonlySet<number>, bars: readonly CallBar[]): Lane[] {
  const marks = marksOf(shown, shows, ({ kind }) => kind === 'effect')
  const effects = bars.filter(({ call }) => isInLedger(call.site))
  if (marks.length === 0 && effects.length === 0) return []
  const lane = laneOf('ledger', 'ledger', effects)
  const rows = new Map(lane.bars.map(({ call, row }) => [call?.crossing, row]))
  const placed = marks.map((mark) => ({
    ...mark,
    row: (mark.event.kind === 'effect' && rows.get(mark.event.crossing)) || 0,
  }))
  return [{ ...lane, marks: placed }]
}

function marksOf(
  shown: readonly ShownEvent[],
  shows: ReadonlySet<number>,
  belongs: (event: TraceEvent) => boolean,
): Mark[] {
  return shown.flatMap(({ event, index }, at) =>
    belongs(event) ? [{ index, row: 0, at, event, isEvidence: shows.has(index) }] : [],
  )
}
