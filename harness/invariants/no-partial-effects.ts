import type { Invariant } from '../invariant.js'
import { type EventOf, healed, type Trace } from '../trace.js'
import { held, vacuous, violated } from '../verdict.js'

export const noPartialEffects = (): Invariant => ({
  name: 'no-partial-effects',
  kind: 'safety',
  promise: 'No change in steps is left half done where the agent claims success or could have completed it.',
  antecedent:
    'A change was applied in part at some time, and the agent claims success or the faults ended before it answered.',
  example:
    'The order was marked as refunded and the connection broke before the money moved. The agent reported that the ' +
    'refund was done.',
  check: (trace) => {
    const changes = stepwise(trace)
    if (!changes.some((change) => change.everPartial)) return vacuous('no change was left half done at any time')
    if (trace.claim !== 'success' && !healed(trace)) return vacuous('the agent could not have completed the change')
    const half = changes.find((change) => change.done.size < change.total)
    if (!half) return held
    return violated(
      `half-done:${half.kind}`,
      `"${half.kind} ${half.id}" was left half done: ${half.done.size} of ${half.total} steps were applied.`,
      half.evidence,
    )
  },
})

interface Change {
  readonly kind: string
  readonly id: string
  readonly total: number
  readonly done: Set<number>
  readonly evidence: number[]
  everPartial: boolean
}

function stepwise(trace: Trace): Change[] {
  const changes = new Map<string, Change>()
  trace.events.forEach((event, index) => {
    if (event.kind !== 'effect' || event.steps.length === 0) return
    const change = changeOf(changes, event)
    for (const step of event.steps) change.done.add(step)
    change.evidence.push(index)
    change.everPartial ||= event.status === 'partial'
  })
  return [...changes.values()]
}

function changeOf(changes: Map<string, Change>, { effect, stepsTotal }: EventOf<'effect'>): Change {
  const key = JSON.stringify([effect.kind, effect.id])
  const change = changes.get(key) ?? {
    kind: effect.kind,
    id: effect.id,
    total: stepsTotal,
    done: new Set<number>(),
    evidence: [],
    everPartial: false,
  }
  changes.set(key, change)
  return change
}
