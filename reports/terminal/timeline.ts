/**
 * One trial as a timeline: who called whom and what came of it, in virtual time. It shows the faults that landed, the
 * changes to the world, and the events that show a violation. The agent's own spans are shown where they do that.
 */
import type { EventOf, Trace, TraceEvent } from '../../harness/contracts/trace.js'
import type { Judgement } from '../../harness/contracts/verdict.js'
import { type Colors, type Style, type StyleOptions, styleOf } from '../drawing/style.js'
import { clean, cleanAll, clip, hang, padStart } from '../drawing/text.js'
import { seconds } from '../drawing/words.js'
import { eventText } from '../reading/event.js'
import { outermost, placesOf, type TimelinePlace } from '../reading/place.js'

/** One line for each event but spans and, under the last event that shows a violation, its story. Ends with a line break. */
export function timeline(trace: Trace, judgements: readonly Judgement[], options: StyleOptions): string {
  return `${timelineLines(cleanAll(trace.events), judgements, styleOf(options)).join('\n')}\n`
}

/** Expects events that are cleaned. */
export function timelineLines(events: readonly TraceEvent[], judgements: readonly Judgement[], style: Style): string[] {
  const evidence = evidenceOf(judgements, events.length)
  const places = placesOf(events)
  const timeWidth = Math.max(7, ...events.map(({ at }) => seconds(at).length))
  const layout: Layout = { style, timeWidth }
  const lines = events.flatMap((event, index) => {
    // What the agent recorded of itself happened elsewhere in the timeline already.
    if (event.kind === 'span' && !evidence.marked.has(index)) return []
    const line = eventLine(event, places[index] ?? outermost, evidence.marked.has(index), layout)
    return [line, ...(evidence.stories.get(index) ?? []).flatMap((story) => storyLines(story, layout))]
  })
  const title = style.colors.dim(`  ${padStart('seconds', timeWidth)}`)
  return [title, ...lines]
}

interface Layout {
  readonly style: Style
  readonly timeWidth: number
}

const depthMax = 10

function eventLine(event: TraceEvent, place: TimelinePlace, violating: boolean, { style, timeWidth }: Layout): string {
  const { colors, marks, width } = style
  const mark = violating ? marks.bad : ' '
  const indent = '  '.repeat(Math.min(place.depth, depthMax))
  const room = width - 1 - 1 - timeWidth - 2 - indent.length
  const text = clip(eventText(event, marks, place.label), room, marks.ellipsis)
  const time = padStart(seconds(event.at), timeWidth)
  const paint = violating ? colors.red : paintOf(event, style)
  return `${violating ? colors.red(mark) : mark} ${colors.dim(time)}  ${indent}${paint(text)}`.trimEnd()
}

function storyLines({ invariant, story }: Story, { style, timeWidth }: Layout): string[] {
  const indent = ' '.repeat(timeWidth + 4)
  return hang(`${indent}${style.marks.bad} `, `${invariant}: ${story}`, style.width).map(style.colors.red)
}

function paintOf(event: TraceEvent, { colors }: Style): (text: string) => string {
  switch (event.kind) {
    case 'fault':
      return colors.yellow
    case 'effect':
      return event.status === 'applied' || event.status === 'partial' ? colors.magenta : colors.dim
    case 'return':
      return event.outcome.kind === 'ok' ? colors.dim : colors.yellow
    case 'unhandled':
    case 'stray-request':
      return colors.yellow
    case 'cancel':
    case 'restart':
    case 'claim':
    case 'left-running':
    case 'end':
      return colors.bold
    case 'breaker':
      return breakerPaint(event, colors)
    case 'span':
    case 'call':
      return (text) => text
  }
}

/** What opens and closes is read first; single outcomes stand beside the answers that they are made of. */
function breakerPaint({ event }: EventOf<'breaker'>, colors: Colors): (text: string) => string {
  return event === 'opened' || event === 'half-opened' || event === 'closed' ? colors.bold : colors.dim
}

interface Story {
  readonly invariant: string
  readonly story: string
}

/** Which events show a violation, and after which one its story stands. */
function evidenceOf(judgements: readonly Judgement[], length: number) {
  const marked = new Set<number>()
  const stories = new Map<number, Story[]>()
  for (const { invariant, verdict } of judgements) {
    if (verdict.kind !== 'violated') continue
    const shown = verdict.evidence.filter((index) => index >= 0 && index < length)
    for (const index of shown) marked.add(index)
    const last = shown.length > 0 ? Math.max(...shown) : length - 1
    stories.set(last, [...(stories.get(last) ?? []), { invariant: clean(invariant), story: clean(verdict.story) }])
  }
  return { marked, stories }
}
