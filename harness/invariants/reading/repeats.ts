/** How a change came to be made twice, in words, and what to do about it. The verdict itself does not hang on it. */
import { asksModel, isInLedger, isRemote } from '../../contracts/boundary.js'
import { asksOf, mayBe } from '../../contracts/model-asks.js'
import { type Crossing, crossingsOf, type EventOf, type Trace } from '../../contracts/trace.js'
import { rootOf } from './flows.js'

/** A change that was made, and the number of its event. */
export interface Made {
  readonly event: EventOf<'effect'>
  readonly index: number
}

export interface Repeat {
  /** A sentence without its full stop. */
  readonly cause: string
  readonly remedy: string
}

/** Of a change that was made more than once; `undefined` where nothing is known of the calls. */
export function repeatOf(trace: Trace, made: readonly Made[]): Repeat | undefined {
  const crossings = crossingsOf(trace)
  const inside = made.flatMap(({ event }) => crossings[event.crossing] ?? [])
  const [first] = inside
  if (!first) return undefined
  const roots = inside.map((crossing) => requestOf(rootOf(crossing, crossings), crossings))
  const keys = keysOf(made.map(({ event }) => event.key))
  const again = roots.find((root) => root !== roots[0])
  if (again && roots[0]) return describeSecondCall(trace, roots[0], again, keys)
  const sent = inside.find((crossing) => crossing !== first)
  return sent && !isDeliveredTwice(inside, crossings)
    ? describeSecondCall(trace, first, sent, keys)
    : describeDelivery(first, keys)
}

/** Of a change that a service made, the request that was under way: it says more of the agent. The change, if that is not clear. */
function requestOf(root: Crossing, crossings: readonly Crossing[]): Crossing {
  if (!isInLedger(root.call.site) || isRemote(root.call.site)) return root
  const open = crossings.filter(
    ({ call, callIndex, result, resultIndex }) =>
      isRemote(call.site) && callIndex < root.callIndex && (result === undefined || resultIndex > root.callIndex),
  )
  return open.length === 1 && open[0] ? open[0] : root
}

type Keys = 'none' | 'equal' | 'different'

function keysOf(keys: readonly (string | null)[]): Keys {
  if (keys.every((key) => key === null)) return 'none'
  return new Set(keys).size === 1 ? 'equal' : 'different'
}

const withKeys: Readonly<Record<Keys, string>> = {
  none: ', without an idempotency key',
  equal: ', under the same key',
  different: ', under another key',
}

function describeSecondCall(trace: Trace, first: Crossing, again: Crossing, keys: Keys): Repeat {
  const { site } = again.call
  const verb = isRemote(site) ? 'sent' : 'called'
  const asked = isWishedAgain(trace, first, again) ? ' when the model asked for it once more,' : ''
  return {
    cause: `${site.target} was ${verb} again${asked} ${howEnded(trace, first, again)}${withKeys[keys]}`,
    remedy: remedies[keys],
  }
}

const remedies: Readonly<Record<Keys, string>> = {
  none: 'Make one idempotency key from the intent, and send it with every attempt.',
  equal: 'Look up what was done under a key before you do it again.',
  different: 'Make the key from the intent and not from the attempt: it must be the same when you try again.',
}

function howEnded(trace: Trace, { callIndex, result, resultIndex }: Crossing, again: Crossing): string {
  if (trace.events.slice(callIndex, again.callIndex).some(({ kind }) => kind === 'restart')) {
    return 'after the agent had been started anew'
  }
  if (!result || resultIndex > again.callIndex) return 'before the first call had ended'
  if (result.outcome.kind === 'ok') return 'although it had gone well'
  const { class: class_ } = result.outcome
  return class_ === 'indeterminate' ? 'after its answer was lost' : 'after it had failed'
}

function isWishedAgain(trace: Trace, first: Crossing, again: Crossing): boolean {
  return crossingsOf(trace).some(
    (each) =>
      asksModel(each.call.site) &&
      each.callIndex > first.callIndex &&
      each.resultIndex >= 0 &&
      each.resultIndex < again.callIndex &&
      asksOf(each).some((ask) => mayBe(again, ask)),
  )
}

function isDeliveredTwice(inside: readonly Crossing[], crossings: readonly Crossing[]): boolean {
  return inside.some((crossing) =>
    [crossing, rootOf(crossing, crossings)].some(({ faults }) =>
      faults.some(({ actions }) => actions.includes('repeat')),
    ),
  )
}

function describeDelivery({ call }: Crossing, keys: Keys): Repeat {
  return {
    cause: `One call of ${call.site.target} was delivered twice${withKeys[keys]}`,
    remedy:
      keys === 'none'
        ? 'Send an idempotency key that is made from the intent, so that a second delivery can be told.'
        : 'Let whoever makes the change refuse a key that it has seen.',
  }
}
