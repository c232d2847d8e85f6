import { asksModel } from '../contracts/boundary.js'
import type { Invariant } from '../contracts/invariant.js'
import { crossingsOf, type EventOf, siteName, type Trace } from '../contracts/trace.js'
import { held, vacuous, violated } from '../contracts/verdict.js'
import { isDeceived } from './reading/deception.js'
import { isUnhinderedSince } from './reading/healing.js'
import { taking } from './reading/options.js'

/** No change in steps is left half done where the agent claims success, or could have completed it. */
export const noPartialEffects = taking(
  'noPartialEffects',
  {},
  (): Invariant => ({
    name: 'no-partial-effects',
    kind: 'safety',
    harm: true,
    outcome: true,
    promise: 'No change in steps is left half done where the agent claims success or could have completed it.',
    antecedent:
      'A change was applied in part at some time. One that stays so is judged where the agent claims success, or answers ' +
      'otherwise and could have completed it.',
    remedy: 'Look up what stands after a failure, and finish it or undo it.',
    example:
      'The order was marked as refunded and the connection broke before the money moved. The agent reported that the ' +
      'refund was done.',
    exemptions: {
      'rolled-back': 'The agent says that it rolled back: whether it did, the ledger cannot tell.',
      deceived:
        'A false answer that looked like success came when the change was half done, and nothing better after it.',
      hindered:
        'The agent does not claim success. Since the change was begun, it was called off or met a fault that was for good or ' +
        'not over when it answered.',
      'struck-again': 'The agent does not claim success, and a fault struck its last try to complete the change, too.',
      'left-by-its-model':
        'The agent does not claim success, and since the change was begun its last call to a model failed by a fault.',
    },
    check: (trace) => {
      const changes = stepwise(trace).filter((change) => change.everPartial)
      if (changes.length === 0) return vacuous('no change was left half done at any time')
      const incomplete = changes.filter((change) => change.done.size < change.total)
      if (incomplete.length === 0) return held
      if (trace.claim === 'rolled-back') return vacuous('the agent says that it rolled back')
      const known = incomplete.filter(({ evidence: [first] }) => !isDeceived(trace, first))
      if (known.length === 0) return vacuous('a false answer that looks like success came after the change')
      const half = known.find(({ evidence }) => trace.claim === 'success' || couldComplete(trace, evidence))
      if (!half) return vacuous('the agent could not have completed the change')
      return violated(
        `half-done:${half.kind}`,
        `"${half.kind} ${half.id}" was left half done: ${half.done.size} of ${half.total} steps were applied.`,
        half.evidence,
      )
    },
  }),
)

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

/**
 * Whether no fault lasted and the agent did not try again. Of one whose last try was struck too, or whose model failed it in
 * the end, no more is asked.
 */
function couldComplete(trace: Trace, [first = -1]: readonly number[]): boolean {
  const entry = trace.events[first]
  const crossings = crossingsOf(trace)
  const effect = entry?.kind === 'effect' ? crossings[entry.crossing] : undefined
  const holder = effect && (crossings[effect.call.parent ?? -1] ?? effect)
  if (!isUnhinderedSince(trace, holder?.callIndex ?? first)) return false
  const asked = crossings.findLast(({ call }) => asksModel(call.site))
  if (asked && asked.callIndex > first && asked.faults.length > 0 && asked.result?.outcome.kind === 'failed')
    return false
  const last = crossings.findLast(({ call }) => holder && siteName(call.site) === siteName(holder.call.site))
  if (!last || last === holder) return true
  const within = crossings.filter(({ call }) => call.parent === last.call.crossing)
  return [last, ...within].every(({ faults }) => faults.length === 0)
}
