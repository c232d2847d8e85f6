/**
 * One trial as a timeline: who called whom and what came of it, in virtual time. It shows the faults that landed, the
 * changes to the world, and the events that show a violation. The agent's own spans are shown where they do that.
 */
import type { Beside } from '../../harness/contracts/beside.js'
import { linesOf } from '../../harness/contracts/console.js'
import type { EventOf, Trace, TraceEvent } from '../../harness/contracts/trace.js'
import type { Judgement } from '../../harness/contracts/verdict.js'
import { type Colors, type Style, type StyleOptions, styleOf } from '../drawing/style.js'
import { clean, cleanAll, clip, hang, padStart } from '../drawing/text.js'
import { quantity, seconds } from '../drawing/words.js'
import { eventText } from '../reading/event.js'
import { outermost, placesOf, type TimelinePlace } from '../reading/place.js'

/** One line for each event but spans and, under the last event that shows a violation, its story. Ends with a line break. */
export function timeline(
  trace: Trace,
  judgements: readonly Judgement[],
  options: StyleOptions,
  beside: Beside = {},
): string {
  const lines = timelineLines(cleanAll(trace.events), judgements, styleOf(options), cleanAll(beside))
  return `${lines.join('\n')}\n`
}

/** Expects events that are cleaned, and what stands beside them. */
export function timelineLines(
  events: readonly TraceEvent[],
  judgements: readonly Judgement[],
  style: Style,
  beside: Beside = {},
): string[] {
  const evidence = evidenceOf(judgements, events.length)
  const places = placesOf(events)
  const timeWidth = Math.max(7, ...events.map(({ at }) => seconds(at).length))
  const layout: Layout = { style, timeWidth }
  const code = new Map(beside.places?.map((place) => [place.event, place.where]))
  const printed = printedAfter(beside.console, layout)
  const lines = events.flatMap((event, index) => {
    const before = printed(index)
    // What the agent recorded of itself happened elsewhere in the timeline already.
    if (event.kind === 'span' && !evidence.marked.has(index)) return before
    const line = eventLine(
      event,
      places[index] ?? outermost,
      evidence.marked.has(index),
      layout,
      isInner(event) ? undefined : code.get(index),
    )
    return [...before, line, ...(evidence.stories.get(index) ?? []).flatMap((story) => storyLines(story, layout))]
  })
  lines.push(...printed(Number.POSITIVE_INFINITY))
  const title = style.colors.dim(`  ${padStart('seconds', timeWidth)}`)
  return [title, ...lines]
}

interface Layout {
  readonly style: Style
  readonly timeWidth: number
}

const depthMax = 10

function eventLine(
  event: TraceEvent,
  place: TimelinePlace,
  violating: boolean,
  { style, timeWidth }: Layout,
  where: string | undefined,
): string {
  const { colors, marks, width } = style
  const mark = violating ? marks.bad : ' '
  const indent = '  '.repeat(Math.min(place.depth, depthMax))
  const room = width - 1 - 1 - timeWidth - 2 - indent.length
  const words = eventText(event, marks, place.label)
  // Where the code is told only if that leaves room enough for what happened.
  const code = codeIn(where, room / 3)
  const text = clip(words, room - code.length, marks.ellipsis)
  const time = padStart(seconds(event.at), timeWidth)
  const paint = violating ? colors.red : paintOf(event, style)
  const line = `${violating ? colors.red(mark) : mark} ${colors.dim(time)}  ${indent}${paint(text)}`
  return `${line}${colors.dim(code)}`.trimEnd()
}

/** It happens inside a call whose place is told. */
function isInner(event: TraceEvent): boolean {
  return event.kind === 'call' && event.parent !== null
}

/** The path whole, or else the file alone. */
function codeIn(where: string | undefined, room: number): string {
  const known = where === undefined ? [] : [where, where.slice(where.lastIndexOf('/') + 1)]
  const shown = known.find((text) => text.length + 2 <= room)
  return shown === undefined ? '' : `  ${shown}`
}

/** The lines that were printed before an event and are not told yet. */
function printedAfter(output: Beside['console'], { style, timeWidth }: Layout): (event: number) => string[] {
  const { colors, marks, width } = style
  const waiting = output ? [...linesOf(output)] : []
  const lineText = ({ at, stream, text, cut, leftOut }: (typeof waiting)[number]) => {
    const first = `  ${padStart(seconds(at), timeWidth)}  `
    const words = `${stream}: ${text}${cut ? marks.ellipsis : ''}`
    const line = colors.dim(first + clip(words, width - first.length - 1, marks.ellipsis))
    return leftOut > 0 ? [colors.dim(`${' '.repeat(first.length)}${quantity(leftOut, 'line')} left out`), line] : [line]
  }
  return (event) => {
    const until = waiting.findIndex(({ after }) => after > event)
    return waiting.splice(0, until < 0 ? waiting.length : until).flatMap(lineText)
  }
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
