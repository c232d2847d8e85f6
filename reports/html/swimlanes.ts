/** The timeline of a trial, drawn: lanes over virtual time. What is drawn leads to the event that it stands for. */
import { asksModel } from '../../harness/contracts/boundary.js'
import type { EventOf } from '../../harness/contracts/trace.js'
import { seconds } from '../drawing/words.js'
import { inputPreview, outcomePreview } from '../reading/preview.js'
import { type Axis, axisOf } from './axis.js'
import type { Band } from './breaker-bands.js'
import type { ShownEvent } from './excerpt.js'
import { type Bar, type Lane, lanesOf, type Mark } from './lanes.js'
import { eventLine } from './line.js'
import { cut, type Html, html, ours } from './markup.js'

export interface Swimlanes {
  /** Anchor of the trial; its events are `ID-eN`. */
  readonly id: string
  readonly shown: readonly ShownEvent[]
  readonly evidence: readonly number[]
}

const axisHeight = 42
const rowHeight = 26
const bandHeight = 16
const lanePadding = 8
const barHeight = 18
const labelWidth = 148
const characterWidth = 6.1

/** The same drawing once more, of one that stands elsewhere on the page; it is there to be looked at. */
export function swimlanesAgain({ id, shown, evidence }: Swimlanes): Html {
  const { width } = axisOf(shown)
  const height = heightOf(placeLanes(lanesOf(shown, evidence)))
  return html`<div class="swim">
<svg class="names" viewBox="0 0 ${labelWidth} ${height}" width="${labelWidth}" height="${height}" preserveAspectRatio="xMinYMin slice" aria-hidden="true"><use href="#${id}-names"/></svg>
<div class="plot" role="group" tabindex="0" aria-label="Timeline"><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The same as above"><use class="names-within" href="#${id}-names" x="-${labelWidth}"/><use href="#${id}-plot"/></svg></div></div>`
}

function heightOf(lanes: readonly PlacedLane[]): number {
  const last = lanes.at(-1)
  return last === undefined ? axisHeight : last.top + last.height
}

interface PlacedLane extends Lane {
  readonly top: number
  readonly height: number
}

/** The lanes' names, which stay, beside the lanes, which scroll. */
export function swimlanes({ id, shown, evidence }: Swimlanes): Html {
  const axis = axisOf(shown)
  const lanes = placeLanes(lanesOf(shown, evidence))
  const height = heightOf(lanes)
  return html`<div class="swim">
<svg class="names" viewBox="0 0 ${labelWidth} ${height}" width="${labelWidth}" height="${height}" preserveAspectRatio="xMinYMin slice" aria-hidden="true"><g id="${id}-names">${lanes.map(laneName)}</g></svg>
<div class="plot" role="group" tabindex="0" aria-label="Timeline; arrow keys go from event to event">
<svg viewBox="0 0 ${axis.width} ${height}" width="${axis.width}" height="${height}"><use class="names-within" href="#${id}-names" x="-${labelWidth}"/><g id="${id}-plot">
${waitColumns(axis, height)}${axisLabels(axis)}
${lanes.map((lane) => laneRow(lane, axis, id))}
</g></svg></div></div>`
}

function placeLanes(lanes: readonly Lane[]): PlacedLane[] {
  let top = axisHeight
  return lanes.map((lane) => {
    const height = lane.kind === 'breaker' ? bandHeight : lane.rows * rowHeight + lanePadding
    const at = top
    top += height
    return { ...lane, top: at, height }
  })
}

function laneName({ label, kind, top }: PlacedLane): Html {
  const [name, detail] = nameOf(label, kind)
  const baseline = kind === 'breaker' ? top + 11 : top + (lanePadding + rowHeight) / 2 + 4
  const text = fitText(name, labelWidth - 8)
  return html`<g class="lane-name name-${kind}"><path class="lane-edge" d="${ours(`M0 ${top}H${labelWidth}`)}"/><text y="${baseline}">${text}${detail !== '' && html`<tspan class="kind"> ${fitText(detail, labelWidth - 8 - text.length * characterWidth)}</tspan>`}</text><title>${label}</title></g>`
}

function nameOf(label: string, kind: Lane['kind']): readonly [name: string, detail: string] {
  if (kind === 'breaker') return ['breaker', '']
  const [, target = ''] = /^[a-z]+:(.*)$/s.exec(label) ?? []
  return target === '' ? [label, ''] : [target.replace(/^"(.*)"$/s, '$1'), kind]
}

/** As many characters as have room, the last of them an ellipsis where something is cut off. */
function fitText(text: string, room: number): string {
  const most = Math.floor(room / characterWidth)
  const line = text.slice(0, most + 1).replace(/\s+/g, ' ')
  return line.length <= most ? line : most < 2 ? '' : `${line.slice(0, most - 1)}…`
}

function waitColumns({ waits }: Axis, height: number): Html {
  return html`${waits.map(
    ({ from, to }) =>
      html`<rect class="wait" x="${from}" y="${axisHeight}" width="${to - from}" height="${height - axisHeight}"/>`,
  )}`
}

function axisLabels({ instants, waits }: Axis): Html {
  return html`<g class="axis">${instants.map(
    ({ x, at }) => html`<path d="M${x} ${axisHeight - 6}v6"/><text x="${x}" y="14">${instantText(at)}</text>`,
  )}${waits.map(
    ({ from, to, ms, leftOut }) =>
      html`<text class="length" x="${(from + to) / 2}" y="${axisHeight - 8}">${ms === null ? `${leftOut} left out` : `+${waitText(ms)}`}</text>`,
  )}</g>`
}

function instantText(ms: number): string {
  return `${Number((ms / 1000).toFixed(3))} s`
}

function waitText(ms: number): string {
  if (ms < 120_000) return `${Number((ms / 1000).toPrecision(3))} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`
}

function laneRow(lane: PlacedLane, axis: Axis, id: string): Html {
  const { top, kind, bars, bands } = lane
  return html`<g class="lane lane-${kind}"><path class="lane-edge" d="${ours(`M0 ${top}H${axis.width}`)}"/>${bands.map(
    (band) => breakerBand(band, lane, axis, id),
  )}${bars.map((bar, index) => barOf(bar, nextInRow(bars, index), lane, axis, id))}${bars.map((bar) => retryLink(bar, lane, axis))}${lane.marks.map((mark) => markOf(mark, lane, axis, id))}</g>`
}

function xAt({ xs }: Axis, place: number): number {
  return xs[place] ?? 0
}

function rowTop({ top }: PlacedLane, row: number): number {
  return top + lanePadding / 2 + row * rowHeight + (rowHeight - barHeight) / 2
}

function breakerBand(
  { state, from, to, index, rejections }: Band,
  { top, label }: PlacedLane,
  axis: Axis,
  id: string,
): Html {
  const [x1, x2] = [xAt(axis, from), xAt(axis, to)]
  const text = fitText(state.replace('-', ' '), x2 - x1 - 6)
  const turned = rejections.length > 0 ? `, turned ${rejections.length} away` : ''
  return html`<a class="band ${state}" href="#${id}-e${index}"><title>${label}: ${state}${turned}</title><rect x="${x1}" y="${top + 3}" width="${Math.max(3, x2 - x1)}" height="10"/><text x="${x1 + 4}" y="${top + 11}">${text}</text>${rejections.map(
    (place) => html`<path class="turned" d="M${xAt(axis, place) - 3} ${top + 5}l6 6m0-6l-6 6"/>`,
  )}</a>`
}

function nextInRow(bars: readonly Bar[], index: number): Bar | undefined {
  return bars.slice(index + 1).find(({ row }) => row === bars[index]?.row)
}

function barOf(bar: Bar, next: Bar | undefined, lane: PlacedLane, axis: Axis, id: string): Html {
  const [x1, x2, y] = [xAt(axis, bar.from), xAt(axis, bar.to), rowTop(lane, bar.row)]
  const width = Math.max(4, x2 - x1)
  const end = next === undefined ? axis.width : xAt(axis, next.from)
  const marked = bar.faults.length > 0
  const inside = x1 + 6 + (marked ? 12 : 0)
  // A name that does not fit stands behind a short bar, where there is room.
  const isOutside = width < shortName(bar).length * characterWidth + 10 + (marked ? 12 : 0)
  const from = isOutside ? x2 + 5 : inside
  const text = lane.kind === 'ledger' ? '' : barText(bar, (isOutside ? end : x2) - from - 4)
  const shape = html`<rect x="${x1}" y="${y}" width="${width}" height="${barHeight}" rx="3"/>${bar.faults.map((_, index) => faultMark(x1 + 5 + index * 6, y))}${text !== '' && html`<text x="${from}" y="${y + 13}"${isOutside && html` class="outside"`}>${text}</text>`}`
  const classes = `bar ${bar.state}${bar.isEvidence ? ' evidence' : ''}${marked ? ' struck' : ''}`
  if (bar.call === undefined) return html`<g class="${classes}">${shape}</g>`
  return html`<a class="${classes}" href="#${id}-e${bar.index}"><title>${tooltipOf(bar)}</title>${shape}</a>`
}

/** A bolt, for a fault that landed. */
function faultMark(x: number, y: number): Html {
  return html`<path class="fault" d="M${x + 5} ${y - 3}l-6 10h4l-2 8l7-11h-4l3-7z"/>`
}

function shortName({ label, call }: Bar): string {
  return call === undefined ? label : label.slice(label.lastIndexOf('#'))
}

/** What was asked or answered stands behind the name where enough of it has room to be read. */
function barText(bar: Bar, room: number): string {
  const name = shortName(bar)
  const preview = previewOf(bar).slice(0, 200)
  const isWorthIt = preview !== '' && room > (name.length + Math.min(previewLeast, preview.length)) * characterWidth
  return fitText(isWorthIt ? `${name} ${preview}` : name, room)
}

const previewLeast = 10

function previewOf({ call, result }: Bar): string {
  if (call === undefined) return ''
  if (!asksModel(call.site)) return inputPreview(call)
  return result === undefined ? '' : outcomePreview(result)
}

function tooltipOf({ label, call, result, faults, isEvidence }: Bar): string {
  const from = seconds(call?.at ?? 0)
  const end = result === undefined ? 'never answered' : `until ${seconds(result.at)} s: ${outcomePreview(result)}`
  const struck = faults.length > 0 ? ', struck by a fault' : ''
  return `${cut(`${label} from ${from} s${struck}, ${end}`, 180)}${isEvidence ? ' (shows the violation)' : ''}`
}

/** From the end of an attempt to the start of the next one. */
function retryLink({ from, row, retryOf }: Bar, lane: PlacedLane, axis: Axis): Html | false {
  if (retryOf === undefined) return false
  const [x1, y1] = [xAt(axis, retryOf.to), rowTop(lane, retryOf.row) + barHeight]
  const [x2, y2] = [xAt(axis, from), rowTop(lane, row) + barHeight]
  const path = `M${x1} ${y1}Q${(x1 + x2) / 2} ${Math.max(y1, y2) + 9} ${x2} ${y2 + 1}`
  return html`<path class="retry" d="${ours(path)}" marker-end="url(#arrow)"/>`
}

function markOf(mark: Mark, lane: PlacedLane, axis: Axis, id: string): Html {
  const x = xAt(axis, mark.at)
  const y = rowTop(lane, mark.row) + barHeight / 2
  const { shape, text, look } = appearance(mark.event, x, y)
  const tooltip = cut(`${seconds(mark.event.at)} s: ${eventLine(mark.event)}`, 180)
  return html`<a class="mark ${look}${mark.isEvidence && ' evidence'}" href="#${id}-e${mark.index}"><title>${tooltip}</title>${shape}${markLabel(text, mark, lane, axis)}</a>`
}

/** Behind its mark; what the agent claims stands before it, for the end follows at once. */
function markLabel(text: string, mark: Mark, lane: PlacedLane, axis: Axis): Html | false {
  const x = xAt(axis, mark.at)
  const y = rowTop(lane, mark.row) + barHeight / 2 + 4
  const others = lane.marks.filter(({ row }) => row === mark.row)
  const index = others.indexOf(mark)
  if (mark.event.kind === 'claim') {
    const label = fitText(text, x - xAt(axis, others[index - 1]?.at ?? 0) - 14)
    return label !== '' && html`<text x="${x - 10}" y="${y}" text-anchor="end">${label}</text>`
  }
  const next = others[index + 1]
  const label = fitText(text, (next === undefined ? axis.width : xAt(axis, next.at)) - x - 16)
  return label !== '' && html`<text x="${x + 11}" y="${y}">${label}</text>`
}

interface Appearance {
  readonly shape: Html
  readonly text: string
  readonly look: string
}

function appearance(event: Mark['event'], x: number, y: number): Appearance {
  switch (event.kind) {
    case 'effect':
      return effectMark(event, x, y)
    case 'claim':
      return { shape: square(x, y), text: `claims ${event.claim}`, look: `claim ${event.claim}` }
    case 'end':
      return {
        shape: html`<path d="M${x} ${y - 11}v22"/>`,
        text: '',
        look: event.end.kind === 'returned' ? 'end' : 'end odd',
      }
    case 'restart':
      return { shape: html`<path d="M${x} ${y - 9}v18l10-9z"/>`, text: '', look: 'restart' }
    case 'cancel':
      return { shape: square(x, y), text: 'called off', look: 'cancel' }
    default:
      return { shape: html`<path d="M${x} ${y - 7}l7 13h-14z"/>`, text: event.kind.replace('-', ' '), look: 'odd' }
  }
}

function square(x: number, y: number): Html {
  return html`<rect x="${x - 6}" y="${y - 6}" width="12" height="12" rx="2"/>`
}

function effectMark({ effect, status }: EventOf<'effect'>, x: number, y: number): Appearance {
  const shape = html`<path d="M${x} ${y - 7}l7 7l-7 7l-7-7z"/>`
  const how = status === 'applied' ? '' : ` (${status === 'partial' ? 'in part' : status})`
  return { shape, text: `${effect.kind} ${effect.id}${how}`, look: `effect ${status}` }
}
