/**
 * Invariants in one line, as predicates over single events: `always`, `never`, `sometimes`, `eventually`. A kind of event
 * before the predicate selects, and the predicate then gets events of that kind alone:
 * `never('no-delete', 'call', (call) => call.site.target === 'delete')`.
 */
import { type Checks, checksOf } from '../../contracts/checks.js'
import { didYouMean, say, UserError } from '../../contracts/errors.js'
import type { Invariant } from '../../contracts/invariant.js'
import { callSite } from '../../contracts/place.js'
import { type EventOf, eventKinds, siteName, type Trace, type TraceEvent } from '../../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../../contracts/verdict.js'
import { isHealed } from '../reading/healing.js'
import { checkName, type InvariantWords, invariant } from './user-defined.js'

type Kind = TraceEvent['kind']

/** What is asked about one event. It must be pure; the whole trace is there to look around in. */
export type EventPredicate<E extends TraceEvent = TraceEvent> = (event: E, trace: Trace) => boolean

/** Which events are asked about, and words for reports. */
export interface EventOptions<E extends TraceEvent = TraceEvent> extends InvariantWords {
  /** Only events that satisfy it are asked about. */
  readonly when?: EventPredicate<E>
}

/** From where on an event must come, and words for reports. */
export interface EventuallyOptions extends InvariantWords {
  /** After each event that satisfies it, or is of that kind, there must be one; by default once from the beginning. */
  readonly after?: EventPredicate | Kind
}

/**
 * Makes an invariant of a predicate over events. Throws a `UserError` for a name that is not in kebab-case, and for a
 * kind of event that there is none of.
 */
interface OverEvents {
  <K extends Kind>(
    name: string,
    kind: K,
    predicate: EventPredicate<EventOf<K>>,
    options?: EventOptions<EventOf<K>>,
  ): Invariant
  (name: string, predicate: EventPredicate, options?: EventOptions): Invariant
}

/** Every event satisfies the predicate. Vacuous where there was none to ask about. */
export const always: OverEvents = overEvents('Always', (asked) => judgeAll(asked, true))

/** No event satisfies the predicate. Vacuous where there was none to ask about. */
export const never: OverEvents = overEvents('Never', (asked) => judgeAll(asked, false))

/**
 * Some event satisfies the predicate in at least one trial of a run. It is never violated: where no trial comes to it, it
 * was never put to the test, and a scenario that lists it is inconclusive.
 */
export const sometimes: OverEvents = overEvents(
  'Sometimes',
  ({ events, satisfies }) => (events.some(({ event }) => satisfies(event)) ? held : vacuous('it was not reached')),
  'liveness',
)

/** Makes an invariant of a predicate over events. Throws a `UserError` as `always` does. */
interface Eventually {
  <K extends Kind>(name: string, kind: K, predicate: EventPredicate<EventOf<K>>, options?: EventuallyOptions): Invariant
  (name: string, predicate: EventPredicate, options?: EventuallyOptions): Invariant
}

/**
 * After each event of `after` comes one that satisfies the predicate. Judged only where the world had healed before the
 * agent answered, for under a lasting fault nobody can be asked for something good.
 */
export const eventually: Eventually = (name: string, ...rest: Given<EventuallyOptions>): Invariant => {
  const { kind, predicate, options = {} } = read(name, rest, 'after')
  const { after, ...words } = options
  const asks = asking(name)
  const begins = after === undefined ? undefined : starting(name, after, asks)
  return invariant(name, (trace) => judgeEventually(trace, select(trace, kind, asks, predicate), begins), {
    kind: 'liveness',
    promise: `Eventually, once the world has healed: ${name}.`,
    antecedent: 'All faults ended before the agent answered, and an event that it is to follow came.',
    ...words,
  })
}

type AnyPredicate = EventPredicate<never>
type Given<O> = readonly [Kind, AnyPredicate, (O | undefined)?] | readonly [AnyPredicate, (O | undefined)?]

interface Asked {
  readonly trace: Trace
  readonly events: readonly { readonly event: TraceEvent; readonly index: number }[]
  readonly satisfies: (event: TraceEvent) => boolean
}

function overEvents(
  word: 'Always' | 'Never' | 'Sometimes',
  judge: (asked: Asked) => Verdict,
  invariantKind: Invariant['kind'] = 'safety',
): OverEvents {
  return (name: string, ...rest: Given<EventOptions<never>>): Invariant => {
    const { kind, predicate, options = {} } = read(name, rest, 'when')
    const { when, ...words } = options
    const asks = asking(name)
    if (when !== undefined) asks.checks.function('when', when)
    return invariant(name, (trace) => judge(select(trace, kind, asks, predicate, when)), {
      kind: invariantKind,
      promise: `${word}: ${name}.`,
      antecedent: `There was an event${kind === undefined ? '' : ` of kind ${kind}`} to ask about.`,
      ...words,
    })
  }
}

function read<O>(name: string, given: Given<O>, own: 'when' | 'after') {
  checkName(name)
  const [kind, predicate, options] = startsWithKind(given) ? given : [undefined, ...given]
  if (kind !== undefined) checkKind(name, kind)
  const { expect, record } = checksOf(`invariant "${name}"`, callSite())
  expect(typeof predicate === 'function', 'predicate', 'a predicate over events', predicate)
  if (options !== undefined) record('options', options, [own, 'promise', 'antecedent', 'example'])
  return { kind, predicate, options }
}

/** How the predicates of an invariant are asked: whatever is neither true nor false, a promise above all, is an error. */
interface Asking {
  readonly checks: Checks
  (which: string, ask: AnyPredicate, event: TraceEvent, trace: Trace): boolean
}

function asking(name: string): Asking {
  const checks = checksOf(`invariant "${name}"`, callSite())
  const ask = (which: string, predicate: AnyPredicate, event: TraceEvent, trace: Trace) => {
    const answer: unknown = predicate(event as never, trace)
    checks.expect(typeof answer === 'boolean', `its ${which}`, 'true or false, at once', answer)
    return answer as boolean
  }
  return Object.assign(ask, { checks })
}

function startsWithKind<O>(given: Given<O>): given is Extract<Given<O>, readonly [Kind, ...unknown[]]> {
  return typeof given[0] !== 'function'
}

function checkKind(name: string, kind: unknown): void {
  if (eventKinds.some((known) => known === kind)) return
  throw new UserError(
    `invariant "${name}": no event is of kind ${say(kind)}; kinds are ${eventKinds.join(', ')}.` +
      (typeof kind === 'string' ? didYouMean(kind, eventKinds) : ''),
    callSite(),
  )
}

function select(
  trace: Trace,
  kind: Kind | undefined,
  asks: Asking,
  predicate: AnyPredicate,
  when?: AnyPredicate,
): Asked {
  const events = trace.events
    .map((event, index) => ({ event, index }))
    .filter(({ event }) => kind === undefined || event.kind === kind)
    .filter(({ event }) => when === undefined || asks('"when"', when, event, trace))
  return { trace, events, satisfies: (event) => asks('predicate', predicate, event, trace) }
}

function starting(name: string, after: EventPredicate | Kind, asks: Asking): EventPredicate {
  if (typeof after === 'function') return (event, trace) => asks('"after"', after as AnyPredicate, event, trace)
  checkKind(name, after)
  return ({ kind }) => kind === after
}

function judgeAll({ events, satisfies }: Asked, expected: boolean): Verdict {
  if (events.length === 0) return vacuous('there was no event to ask about')
  const broken = events.find(({ event }) => satisfies(event) !== expected)
  if (!broken) return held
  const what = describe(broken.event)
  const story = expected ? `Not always: an event is another (${what}).` : `What is never to happen happened (${what}).`
  return violated(what, story, [broken.index])
}

function judgeEventually(
  { events: all }: Trace,
  { trace, events, satisfies }: Asked,
  begins?: EventPredicate,
): Verdict {
  if (!isHealed(trace)) return vacuous('the faults had not ended when the agent did, or left it nothing to do')
  const last = events.findLast(({ event }) => satisfies(event))?.index ?? -1
  if (!begins) {
    return last >= 0 ? held : violated('never', 'The world had healed, and it never came.', [all.length - 1])
  }
  const begun = all.findLastIndex((event) => begins(event, trace))
  const from = all[begun]
  if (!from) return vacuous('nothing came that it was to follow')
  if (last > begun) return held
  const what = describe(from)
  return violated(
    `never:${what}`,
    `The world had healed, and it never came after the last of what it was to follow (${what}).`,
    [begun],
  )
}

/** What an event is, free of the accidents of one trial. */
function describe(event: TraceEvent): string {
  switch (event.kind) {
    case 'call':
      return `call ${siteName(event.site)}`
    case 'effect':
      return `effect ${event.effect.kind}`
    case 'fault':
      return `fault ${event.fault}`
    default:
      return event.kind
  }
}
