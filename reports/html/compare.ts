/** A trial with faults beside the one without: what is the same, what is missing, and what came on top. */
import type { TraceEvent } from '../../harness/trace.js'
import { eventText } from '../event.js'
import { styleOf } from '../style.js'
import { counted, seconds } from '../words.js'
import { aligned, type Pair } from './alignment.js'
import { cut, type Html, html } from './markup.js'

const marks = styleOf({ width: 80, color: false, unicode: true }).marks

/** `most`: how many rows are shown. */
export function comparison(without: readonly TraceEvent[], faulty: readonly TraceEvent[], most: number): Html {
  const pairs = aligned(without, faulty)
  const shown = pairs.slice(0, most)
  const rest = pairs.length - shown.length
  return html`<table class="compare"><thead><tr><th scope="col">without faults</th><th scope="col">with them</th></tr></thead>
<tbody>${shown.map(rowOf)}</tbody></table>${rest > 0 && html`<p class="fine">${counted(rest, 'row')} left out</p>`}`
}

function rowOf({ left, right }: Pair): Html {
  const [one, other] = [textOf(left), textOf(right)]
  const kind = left === undefined ? 'added' : right === undefined ? 'missing' : one === other ? 'same' : 'changed'
  return html`<tr class="${kind}">${cell(left, one)}${cell(right, other)}</tr>`
}

const textMost = 120

function textOf(event: TraceEvent | undefined): string {
  return event === undefined ? '' : cut(eventText(event, marks, undefined), textMost)
}

function cell(event: TraceEvent | undefined, text: string): Html {
  if (event === undefined) return html`<td class="none"><span class="hidden">nothing</span></td>`
  return html`<td><time>${seconds(event.at)}</time> <span>${text}</span></td>`
}
