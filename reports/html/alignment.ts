/** Two trials laid beside each other: which events of one are events of the other, by what they are and not when. */
import type { TraceEvent } from '../../harness/contracts/trace.js'
import { addressText } from '../reading/preview.js'

export interface Pair {
  readonly left: TraceEvent | undefined
  readonly right: TraceEvent | undefined
}

/** More events of each are not compared: nobody reads on, and it takes the product of both in time. */
const eventsMost = 400

/** All of both in their orders, the longest common run of them in pairs. */
export function align(left: readonly TraceEvent[], right: readonly TraceEvent[]): Pair[] {
  const [lefts, rights] = [withKeys(left), withKeys(right)]
  const lengths = commonLengths(lefts, rights)
  const pairs: Pair[] = []
  let [i, j] = [0, 0]
  while (i < lefts.length || j < rights.length) {
    const [one, other] = [lefts[i], rights[j]]
    if (one !== undefined && other !== undefined && one.key === other.key) {
      pairs.push({ left: one.event, right: other.event })
      i++
      j++
    } else if (other === undefined || (one !== undefined && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      pairs.push({ left: one?.event, right: undefined })
      i++
    } else {
      pairs.push({ left: undefined, right: other.event })
      j++
    }
  }
  return pairs
}

interface Keyed {
  readonly event: TraceEvent
  readonly key: string
}

function withKeys(events: readonly TraceEvent[]): Keyed[] {
  const addresses = new Map<number, string>()
  return events.slice(0, eventsMost).map((event) => {
    if (event.kind === 'call') addresses.set(event.crossing, addressText(event))
    return { event, key: keyOf(event, addresses) }
  })
}

function keyOf(event: TraceEvent, addresses: ReadonlyMap<number, string>): string {
  switch (event.kind) {
    case 'call':
    case 'return':
      return `${event.kind} ${addresses.get(event.crossing)}`
    case 'effect':
      return `effect ${event.effect.kind} ${event.effect.id}`
    case 'fault':
      return `fault ${event.fault}`
    case 'breaker':
      return `breaker ${event.breaker} ${event.event}`
    default:
      return event.kind
  }
}

/** Row by row: the longest common run of what is left from `i` and from `j`. */
function commonLengths(lefts: readonly Keyed[], rights: readonly Keyed[]): Uint16Array[] {
  const lengths = Array.from({ length: lefts.length + 1 }, () => new Uint16Array(rights.length + 1))
  for (let i = lefts.length - 1; i >= 0; i--) {
    for (let j = rights.length - 1; j >= 0; j--) {
      const value =
        lefts[i]?.key === rights[j]?.key
          ? at(lengths, i + 1, j + 1) + 1
          : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1))
      const row = lengths[i]
      if (row !== undefined) row[j] = value
    }
  }
  return lengths
}

function at(lengths: readonly Uint16Array[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0
}
