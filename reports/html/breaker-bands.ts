/** What the agent's circuit breakers reported of themselves, as bands: how long each was closed, open and half open. */
import type { BreakerState } from '../../harness/contracts/breaker.js'
import type { EventOf } from '../../harness/contracts/trace.js'
import type { ShownEvent } from './excerpt.js'

export interface Band {
  readonly state: BreakerState
  readonly from: number
  readonly to: number
  /** The event that began it. */
  readonly index: number
  /** Places at which a call was turned away. */
  readonly rejections: readonly number[]
}

/** By the site that each breaker stands before; in the order in which they were first heard of. */
export function breakerBands(shown: readonly ShownEvent[]): ReadonlyMap<string, readonly Band[]> {
  const bands = new Map<string, Band[]>()
  shown.forEach(({ event, index }, place) => {
    if (event.kind !== 'breaker') return
    const own = bands.get(event.breaker) ?? []
    bands.set(event.breaker, own)
    const current = own.at(-1)
    if (current !== undefined && event.event === 'rejected') {
      own[own.length - 1] = { ...current, rejections: [...current.rejections, place] }
    }
    const state = stateAfter(event)
    if (state === undefined || state === current?.state) return
    if (current !== undefined) own[own.length - 1] = { ...current, to: place }
    own.push({ state, from: place, to: shown.length - 1, index, rejections: [] })
  })
  return bands
}

function stateAfter(event: EventOf<'breaker'>): BreakerState | undefined {
  switch (event.event) {
    case 'observed':
      return event.state
    case 'opened':
      return 'open'
    case 'closed':
      return 'closed'
    case 'half-opened':
      return 'half-open'
    default:
      return undefined
  }
}
