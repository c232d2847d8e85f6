/** A trial with faults beside the one without: what is the same, what is missing, and what came on top. */
import type { TraceEvent } from '../../harness/contracts/trace.js'
import { quantity, seconds } from '../drawing/words.js'
import { align, type Pair } from './alignment.js'
import type { Allowance } from './allowance.js'
import { excerpt } from './excerpt.js'
import { eventLine } from './line.js'
import { cut, type Html, html } from './markup.js'
import { swimlanesAgain } from './swimlanes.js'
import type { ViewedTrial } from './trial.js'

/** Both timelines again, which stand elsewhere on the page, and every event beside what it is in the other trial. */
export function comparison(without: ViewedTrial, faulty: ViewedTrial, allowance: Allowance): Html {
  const pairs = align(without.events, faulty.events)
  const shown = pairs.slice(0, allowance.eventsMost)
  const rest = pairs.length - shown.length
  return html`<div class="timelines"><div>${timelineOf('Without faults', without, allowance)}</div><div>${timelineOf('With them', faulty, allowance)}</div></div>
<table class="compare"><thead><tr><th scope="col">without faults</th><th scope="col">with them</th></tr></thead>
<tbody>${shown.map(rowOf)}</tbody></table>${rest > 0 && html`<p class="fine">${quantity(rest, 'row')} left out</p>`}`
}

function timelineOf(title: string, { id, events, evidence }: ViewedTrial, { eventsMost }: Allowance): Html {
  return html`<p class="part-title">${title}</p>${swimlanesAgain({ id, shown: excerpt(events, evidence, eventsMost), evidence })}`
}

function rowOf({ left, right }: Pair): Html {
  const [one, other] = [textOf(left), textOf(right)]
  const kind = left === undefined ? 'added' : right === undefined ? 'missing' : one === other ? 'same' : 'changed'
  return html`<tr class="${kind}">${cell(left, one)}${cell(right, other)}</tr>`
}

const textMost = 120

function textOf(event: TraceEvent | undefined): string {
  return event === undefined ? '' : cut(eventLine(event), textMost)
}

function cell(event: TraceEvent | undefined, text: string): Html {
  if (event === undefined) return html`<td class="none"><span class="hidden">nothing</span></td>`
  return html`<td><time>${seconds(event.at)}</time> <span>${text}</span></td>`
}
