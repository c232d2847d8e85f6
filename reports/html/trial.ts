/** The trial viewer: the timeline of one trial, what its marks mean, and the list of its events. */
import type { Beside } from '../../harness/contracts/beside.js'
import type { TraceEvent } from '../../harness/contracts/trace.js'
import { quantity } from '../drawing/words.js'
import type { Allowance } from './allowance.js'
import { eventList } from './events.js'
import { excerpt } from './excerpt.js'
import { type Html, html } from './markup.js'
import { swimlanes } from './swimlanes.js'

export interface ViewedTrial {
  /** Unique on the page, and the same in every run. */
  readonly id: string
  readonly title: string
  readonly events: readonly TraceEvent[]
  /** Indices of events that show a violation. */
  readonly evidence: readonly number[]
  /** What was printed, and where its calls were made. */
  readonly beside?: Beside
  /** The goal was missed: what the agent claims is nothing to be glad of. */
  readonly isMissed?: boolean
}

export function trialViewer(viewed: ViewedTrial, { eventsMost, textMost }: Allowance): Html {
  const { id, title, events, evidence, beside = {}, isMissed = false } = viewed
  const shown = excerpt(events, evidence, eventsMost)
  return html`<figure class="trial${isMissed && ' missed'}" id="${id}" data-trial>
<figcaption>${title}<span class="fine"> Not to scale: what happens at one instant stands in its order, and long waits are shortened.</span></figcaption>
${swimlanes({ id, shown, evidence })}
${legend(events, evidence)}
<div class="inspector" aria-live="polite" hidden></div>
<details class="events"><summary>${quantity(events.length, 'event')} in words, with requests and responses${printedText(beside)}</summary>
${eventList({ id, events, shown, evidence, textMost, beside, linesMost: eventsMost })}</details>
</figure>`
}

function printedText({ console }: Beside): string {
  return console ? ` and ${quantity(console.lines.length + console.omitted, 'line')} that it printed` : ''
}

/** Only what this trial has. */
function legend(events: readonly TraceEvent[], evidence: readonly number[]): Html {
  const has = (kind: TraceEvent['kind']) => events.some((event) => event.kind === kind)
  const failed = events.some((event) => event.kind === 'return' && event.outcome.kind === 'failed')
  const count = (kind: TraceEvent['kind']) => events.filter((event) => event.kind === kind).length
  const unanswered = count('call') > count('return')
  const retried = events.some((event) => event.kind === 'call' && event.attempt > 1)
  const entries: readonly (readonly [boolean, string, string])[] = [
    [true, 'ok', 'answered'],
    [failed, 'failed', 'failed'],
    [unanswered, 'unanswered', 'never answered'],
    [has('fault'), 'bolt', 'a fault landed'],
    [retried, 'retried', 'tried again'],
    [has('effect'), 'effect', 'side effect'],
    [has('breaker'), 'open', 'breaker open'],
    [evidence.length > 0, 'shows', 'shows the violation'],
  ]
  return html`<ul class="legend">${entries.map(
    ([isShown, key, text]) => isShown && html`<li><span class="key ${key}"></span>${text}</li>`,
  )}</ul>`
}
