/** The events of a trial as a list, which needs neither script nor sight; calls open to show request and response. */
import type { EventOf, TraceEvent } from '../../harness/contracts/trace.js'
import { classWords, quantity, seconds } from '../drawing/words.js'
import { placesOf } from '../reading/place.js'
import { addressText } from '../reading/preview.js'
import type { ShownEvent } from './excerpt.js'
import { exchange } from './exchange.js'
import { eventLine } from './line.js'
import { type Html, html } from './markup.js'

export interface EventList {
  /** Anchor of the trial; its events are `ID-eN`. */
  readonly id: string
  readonly events: readonly TraceEvent[]
  readonly shown: readonly ShownEvent[]
  readonly evidence: readonly number[]
  /** How many characters of one text are shown. */
  readonly textMost: number
}

const depthMost = 4

export function eventList(list: EventList): Html {
  const { events, shown, evidence } = list
  const places = placesOf(events)
  const shows = new Set(evidence)
  const crossings = crossingsIn(events)
  const items = shown.map(({ event, index, leftOut }) => {
    const place = places[index]
    const depth = Math.min(depthMost, place?.depth ?? 0)
    const classes = `depth-${depth}${shows.has(index) ? ' evidence' : ''}`
    const line = html`<time>${seconds(event.at)}</time> <span class="what">${eventLine(event, place?.label).slice(0, lineMost)}${shows.has(index) && html` <em>shows the violation</em>`}</span>`
    const gap = leftOut > 0 && html`<li class="gap">${quantity(leftOut, 'event')} left out</li>`
    const anchor = `${list.id}-e${index}`
    if (event.kind !== 'call') return html`${gap}<li class="${classes}"><p id="${anchor}">${line}</p></li>`
    return html`${gap}<li class="${classes}"><details><summary>${line}</summary>${detail(event, anchor, crossings, list)}</details></li>`
  })
  return html`<ol class="list">${items}</ol>`
}

const lineMost = 240

interface Known {
  readonly result: EventOf<'return'> | undefined
  readonly faults: readonly EventOf<'fault'>[]
}

function crossingsIn(events: readonly TraceEvent[]): ReadonlyMap<number, Known> {
  const crossings = new Map<number, Known>()
  for (const event of events) {
    if (event.kind === 'call') {
      crossings.set(event.crossing, { result: undefined, faults: [] })
      continue
    }
    if (event.kind !== 'return' && event.kind !== 'fault') continue
    const known = crossings.get(event.crossing)
    if (known === undefined) continue
    const more = event.kind === 'return' ? { result: event } : { faults: [...known.faults, event] }
    crossings.set(event.crossing, { ...known, ...more })
  }
  return crossings
}

function detail(
  call: EventOf<'call'>,
  anchor: string,
  crossings: ReadonlyMap<number, Known>,
  { textMost }: EventList,
): Html {
  const { result, faults } = crossings.get(call.crossing) ?? { result: undefined, faults: [] }
  return html`<div class="exchange" id="${anchor}"><p class="title">${addressText(call)}<span class="fine"> ${spanText(call, result)}</span></p>${faults.map(
    (fault) => html`<p class="struck">⚡ ${fault.fault} (${fault.class}: ${classWords[fault.class]})</p>`,
  )}<div class="sides">${exchange({ call, result }, textMost)}</div></div>`
}

function spanText({ at }: EventOf<'call'>, result: EventOf<'return'> | undefined): string {
  if (result === undefined) return `from ${seconds(at)} s, never answered`
  return result.at === at ? `at ${seconds(at)} s` : `from ${seconds(at)} s, for ${seconds(result.at - at)} s`
}
