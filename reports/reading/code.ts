/** Where in the agent's own code the events of a violation come from. */
import type { CallSite } from '../../harness/contracts/place.js'
import type { ViolationReport } from '../../harness/contracts/report/report.js'
import type { TraceEvent } from '../../harness/contracts/trace.js'
import { addressText } from './preview.js'

/** The place of each event that has one. What becomes of a call, and what happens inside it, comes from where it was made. */
export function placesByEvent(
  events: readonly TraceEvent[],
  places: readonly CallSite[] = [],
): ReadonlyMap<number, CallSite> {
  const known = new Map(places.map((place) => [place.event, place]))
  const ofCrossing = new Map<number, CallSite>()
  const found = new Map<number, CallSite>()
  for (const [index, event] of events.entries()) {
    const above = event.kind === 'call' && event.parent !== null ? ofCrossing.get(event.parent) : undefined
    const own = above ?? known.get(index)
    if (own && event.kind === 'call') ofCrossing.set(event.crossing, own)
    const place = own ?? ('crossing' in event ? ofCrossing.get(event.crossing) : undefined)
    if (place) found.set(index, place)
  }
  return found
}

/** One place in the agent's code, and what of the violation comes from there. */
export interface CodePlace {
  readonly where: string
  /** Calls that were made there, as plans name them. */
  readonly calls: readonly string[]
  readonly frames: readonly string[]
}

/** Each place once, in the order of the events that show the violation. */
export function codeOf({ events, evidence, environment }: ViolationReport): CodePlace[] {
  const places = placesByEvent(events, environment.places)
  const found = new Map<string, CodePlace>()
  for (const index of evidence) {
    const place = places.get(index)
    if (!place) continue
    const event = events[index]
    const none: Pick<CodePlace, 'calls' | 'frames'> = { calls: [], frames: [] }
    const { calls, frames } = found.get(place.where) ?? none
    const call = event?.kind === 'call' ? addressText(event) : undefined
    found.set(place.where, {
      where: place.where,
      calls: call === undefined || calls.includes(call) ? calls : [...calls, call],
      frames: place.frames ?? frames,
    })
  }
  return [...found.values()]
}

const callsMost = 3

/** `agent.ts:12 (tool:pay#1, tool:pay#1.2)`; of an error the frames that led there. */
export function codeText({ where, calls, frames }: CodePlace): string {
  const more = calls.length - callsMost
  const shown = more > 0 ? [...calls.slice(0, callsMost), `${more} more`] : calls
  const of = shown.length > 0 ? ` (${shown.join(', ')})` : ''
  const stack = frames.length > 0 ? `, thrown in ${frames.join(', called from ')}` : ''
  return `${where}${of}${stack}`
}

/** More of them are on the page. */
const placesMost = 3

/** A line for each of the first places. */
export function codeLinesOf(violation: ViolationReport): string[] {
  return codeOf(violation).slice(0, placesMost).map(codeText)
}

/** File and line of the first place. */
export function firstPlace(violation: ViolationReport): { readonly file: string; readonly line: number } | undefined {
  const [, file, line] = /^(.+):(\d+)$/.exec(codeOf(violation)[0]?.where ?? '') ?? []
  return file === undefined ? undefined : { file, line: Number(line) }
}
