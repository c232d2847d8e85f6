/** The events of a trial as a list, which needs neither script nor sight; calls open to show request and response. */
import type { Beside } from '../../harness/contracts/beside.js'
import { linesOf } from '../../harness/contracts/console.js'
import type { EventOf, TraceEvent } from '../../harness/contracts/trace.js'
import { classWords, quantity, seconds } from '../drawing/words.js'
import { placesOf } from '../reading/place.js'
import { addressText } from '../reading/preview.js'
import type { ShownEvent } from './excerpt.js'
import { exchange } from './exchange.js'
import { eventLine } from './line.js'
import { cut, type Html, html } from './markup.js'

export interface EventList {
  /** Anchor of the trial; its events are `ID-eN`. */
  readonly id: string
  readonly events: readonly TraceEvent[]
  readonly shown: readonly ShownEvent[]
  readonly evidence: readonly number[]
  /** How many characters of one text are shown. */
  readonly textMost: number
  readonly beside: Beside
  /** How many printed lines are shown. */
  readonly linesMost: number
}

const depthMost = 4

export function eventList(list: EventList): Html {
  const { events, shown, evidence } = list
  const places = placesOf(events)
  const shows = new Set(evidence)
  const crossings = crossingsIn(events)
  const code = new Map(list.beside.places?.map(({ event, where }) => [event, where]))
  const printed = printedBefore(list)
  const items = shown.map(({ event, index, leftOut }) => {
    const place = places[index]
    const depth = Math.min(depthMost, place?.depth ?? 0)
    const classes = `depth-${depth}${shows.has(index) ? ' evidence' : ''}`
    const line = html`<time>${seconds(event.at)}</time> <span class="what">${eventLine(event, place?.label).slice(0, lineMost)}${shows.has(index) && html` <em>shows the violation</em>`}${code.has(index) && html` <code class="where">${code.get(index)}</code>`}</span>`
    const gap = html`${printed(index)}${leftOut > 0 && html`<li class="gap">${quantity(leftOut, 'event')} left out</li>`}`
    const anchor = `${list.id}-e${index}`
    if (event.kind !== 'call') return html`${gap}<li class="${classes}"><p id="${anchor}">${line}</p></li>`
    return html`${gap}<li class="${classes}"><details><summary>${line}</summary>${detail(event, anchor, crossings, list)}</details></li>`
  })
  return html`<ol class="list">${items}${printed(Number.POSITIVE_INFINITY)}</ol>`
}

/** The first half of the lines that are shown, and the last. */
function printedBefore({ beside, linesMost, textMost }: EventList): (event: number) => readonly Html[] {
  const all = beside.console ? linesOf(beside.console) : []
  const half = Math.max(1, Math.floor(linesMost / 2))
  const left = Math.max(0, all.length - 2 * half)
  const waiting = left === 0 ? [...all] : [...all.slice(0, half), ...moreLeftOut(all.slice(half + left), left)]
  const item = ({ at, stream, text, cut: isCut, leftOut }: (typeof all)[number]) =>
    html`${leftOut > 0 && html`<li class="gap">${quantity(leftOut, 'printed line')} left out</li>`}<li class="printed"><p><time>${seconds(at)}</time> <span class="fine">${stream}</span> <code>${cut(text, Math.min(textMost, printedMost))}${isCut && '…'}</code></p></li>`
  return (event) => {
    const until = waiting.findIndex(({ after }) => after > event)
    return waiting.splice(0, until < 0 ? waiting.length : until).map(item)
  }
}

function moreLeftOut<Line extends { readonly leftOut: number }>(lines: readonly Line[], more: number): Line[] {
  return lines.map((line, index) => (index === 0 ? { ...line, leftOut: line.leftOut + more } : line))
}

const printedMost = 300
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
