/**
 * Where the events of a trial stand along its timeline. Much happens at one virtual instant, and then nothing for half
 * a minute. So events at one instant stand side by side in their order, and waits take room by their order of
 * magnitude.
 */
import type { ShownEvent } from './excerpt.js'

export interface Wait {
  readonly from: number
  readonly to: number
  /** Virtual milliseconds; `null` where events were left out. */
  readonly ms: number | null
  readonly leftOut: number
}

export interface Instant {
  readonly x: number
  readonly at: number
}

export interface Axis {
  /** One for each event that is shown. */
  readonly xs: readonly number[]
  readonly width: number
  /** The instants that are labelled. */
  readonly instants: readonly Instant[]
  /** Waits that are long enough to say so. */
  readonly waits: readonly Wait[]
}

const widthLeast = 900
const margin = 20
const step = 15
const leftOutRoom = 90
/** Waits from here on are labelled. */
const waitMsLeast = 1000
const labelRoom = 58

export function axisOf(shown: readonly ShownEvent[]): Axis {
  const natural = positions(shown)
  const last = natural.at(-1) ?? 0
  const stretch = Math.max(1, (widthLeast - 2 * margin) / Math.max(1, last))
  const xs = natural.map((x) => Math.round(margin + x * stretch))
  return {
    xs,
    width: Math.max(widthLeast, (xs.at(-1) ?? 0) + margin),
    instants: instants(shown, xs),
    waits: waits(shown, xs),
  }
}

function positions(shown: readonly ShownEvent[]): number[] {
  let x = 0
  return shown.map(({ event, leftOut }, index) => {
    const before = shown[index - 1]
    if (before !== undefined) x += leftOut > 0 ? leftOutRoom : room(event.at - before.event.at)
    return x
  })
}

/** Each tenfold of a wait takes as much room again. */
function room(ms: number): number {
  return ms <= 0 ? step : step + 26 * Math.log10(1 + ms / 20)
}

function instants(shown: readonly ShownEvent[], xs: readonly number[]): Instant[] {
  const labelled: Instant[] = []
  shown.forEach(({ event }, index) => {
    const x = xs[index] ?? 0
    const last = labelled.at(-1)
    if (last === undefined || (event.at !== last.at && x - last.x >= labelRoom)) labelled.push({ x, at: event.at })
  })
  return labelled
}

function waits(shown: readonly ShownEvent[], xs: readonly number[]): Wait[] {
  return shown.flatMap(({ event, leftOut }, index) => {
    const before = shown[index - 1]
    if (before === undefined) return []
    const ms = event.at - before.event.at
    if (leftOut === 0 && ms < waitMsLeast) return []
    return [{ from: xs[index - 1] ?? 0, to: xs[index] ?? 0, ms: leftOut > 0 ? null : ms, leftOut }]
  })
}
