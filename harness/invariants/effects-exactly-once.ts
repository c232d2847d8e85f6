/**
 * Accounts for side effects per intent, never by comparing arguments: two equal legitimate orders are two intents. A
 * change in steps is counted step by step, so that a rerun that doubles the first half is seen too.
 */
import { isRemote } from '../contracts/boundary.js'
import type { Invariant } from '../contracts/invariant.js'
import type { Crossing, Intent, Trace } from '../contracts/trace.js'
import { crossingsOf } from '../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { isDeceived } from './reading/deception.js'
import { doneByNetwork } from './reading/done-by-network.js'
import { rootOf } from './reading/flows.js'
import { isAskedByMistake } from './reading/mistaken-asks.js'
import { taking } from './reading/options.js'
import { isFalse } from './reading/outcomes.js'
import { type Made as Entry, repeatOf } from './reading/repeats.js'

/** Each intent takes effect at most once, and exactly once where the agent claims success. On by default. */
export const effectsExactlyOnce = taking(
  'effectsExactlyOnce',
  {},
  (): Invariant => ({
    name: 'effects-exactly-once',
    kind: 'safety',
    harm: true,
    outcome: true,
    promise:
      'Each intent takes effect at most once; exactly once where the agent claims success; and nothing else takes effect.',
    antecedent:
      'The agent tried at least one side effect, or claims success over declared intents. What may follow from an answer ' +
      'that was false is not judged: that nothing took effect, that something else did, or the same once more where the ' +
      'answer was about another thing. Nor is what the network alone brought when the service had forgotten its ' +
      'key. Nor is what it delivered twice to a service that is declared to take none (`idempotency: "none"`). A second request of the ' +
      'agent is judged, and so are tools and effects, which can take a key.',
    remedy: 'Give each intent one idempotency key, and look up what was done before you claim it or do it again.',
    example:
      'The refund was booked and its acknowledgement was lost. The agent took the timeout for a failure and called again ' +
      'without an idempotency key. The customer was refunded twice.',
    exemptions: {
      'false-answer':
        'Of what is missing: a false answer took effect in the trial. Of what is unexpected, or done twice: the agent had a false ' +
        'answer before it made the change, and to another call than that which it repeats.',
      indeterminate: 'An effect may be there or not where the agent does not claim success.',
      'asked-by-mistake':
        'Of what is missing or unexpected, never of what is done twice: a fault made the model ask for another thing, or for the ' +
        'same in another form. The change comes of that ask alone.',
      'key-forgotten':
        'The network brought a request again when the service had forgotten its key, and it was carried out again.',
    },
    check: (trace) => {
      const late = doneByNetwork(trace)
      const applied = effectsOf(trace).filter(
        ({ event, index }) => (event.status === 'applied' || event.status === 'partial') && !late.has(index),
      )
      const found = [...judgeDuplicates(trace, applied), ...judgeUnexpected(trace, applied), ...missing(trace, applied)]
      return found.find(({ kind }) => kind === 'violated') ?? found[0] ?? judgeTested(trace)
    },
  }),
)

const checkingRemedy = 'Check what the model asks for, its name and each field, before you do it.'
const claimingRemedy = 'Look at what took effect before you claim success, whatever the model says last.'

/** In place of a violation that the agent may not have been able to see coming. */
const excused = vacuous('a fault that looks like success took effect')

function effectsOf(trace: Trace): Entry[] {
  return trace.events.flatMap((event, index) => (event.kind === 'effect' ? [{ event, index }] : []))
}

function judgeDuplicates(trace: Trace, applied: readonly Entry[]): Verdict[] {
  return [...byIntent(applied).values()].flatMap((entries) => {
    const [first, last] = [entries[0], entries.at(-1)]
    const times = timesApplied(entries)
    if (!first || !last || times < 2) return []
    // Whoever repeats a change because of what came back for it must know how; what was looked up elsewhere may be false.
    const asked = entries.map((entry) => rootAt(trace, entry))
    if (wasMisled(trace, rootAt(trace, last), asked)) return [excused]
    const part = entries.every((entry) => entry.event.status === 'applied') ? '' : 'in part '
    const { cause, remedy } = repeatOf(trace, entries) ?? {}
    const because = cause === undefined ? '' : `${cause}. `
    return [
      violated(
        `duplicated:${first.event.effect.kind}`,
        `${because}${nameOf(first.event.effect)} took effect ${part}${times} times.${declaring(trace, entries)}`,
        entries.map((entry) => entry.index),
        remedy,
      ),
    ]
  })
}

/** What a scenario may have left unsaid, where the change came in over HTTP and nothing but the request names it. */
function declaring(trace: Trace, entries: readonly Entry[]): string {
  if (!isOverHttp(trace, entries)) return ''
  const crossings = crossingsOf(trace)
  const isUnnamed = entries.every(({ event }) => event.effect.kind === crossings[event.crossing]?.call.site.target)
  const isOneRequest = new Set(entries.map(({ event }) => event.crossing)).size === 1
  const isUndeclared = entries.every(({ event }) => event.key === null && event.takesNoKeys === undefined)
  if (isOneRequest && isUndeclared) {
    return ' The network delivered one request twice. If the service takes no keys, declare it: `idempotency: "none"`.'
  }
  const both =
    ' Two equal requests are one intent by default. If both are wanted, tell them apart by `intent` of the service.'
  return isUnnamed && !isOneRequest ? both : ''
}

function isOverHttp(trace: Trace, entries: readonly Entry[]): boolean {
  const crossings = crossingsOf(trace)
  return entries.every(({ event }) => {
    const site = crossings[event.crossing]?.call.site
    return site !== undefined && isRemote(site)
  })
}

/** The call of the agent's own that brought the change about. */
function rootAt(trace: Trace, { event }: Entry): Crossing | undefined {
  const crossings = crossingsOf(trace)
  const crossing = crossings[event.crossing]
  return crossing && rootOf(crossing, crossings)
}

/** Whether the agent had got a false answer when it made the call, other than to one of `but`. */
function wasMisled(trace: Trace, call: Crossing | undefined, but: readonly (Crossing | undefined)[] = []): boolean {
  const crossings = crossingsOf(trace)
  return crossings.some(
    (each) =>
      each.resultIndex >= 0 &&
      each.resultIndex < (call?.callIndex ?? -1) &&
      isFalse(each) &&
      !but.includes(rootOf(each, crossings)),
  )
}

/** How often the step that was applied most often was applied. */
function timesApplied(entries: readonly Entry[]): number {
  const counts = new Map<number, number>()
  for (const { event } of entries) for (const step of event.steps) counts.set(step, (counts.get(step) ?? 0) + 1)
  return Math.max(0, ...counts.values())
}

function judgeUnexpected(trace: Trace, applied: readonly Entry[]): Verdict[] {
  const { intents } = trace
  return applied
    .filter(({ event }) => intents && !intents.some((intent) => same(intent, event.effect)))
    .map((stray) => {
      const root = rootAt(trace, stray)
      if (wasMisled(trace, root) || (root && isAskedByMistake(root, trace))) return excused
      const { effect } = stray.event
      const story = `${nameOf(effect)} took effect, and the task does not call for it.`
      return violated(`unexpected:${effect.kind}`, story, [stray.index], checkingRemedy)
    })
}

function missing(trace: Trace, applied: readonly Entry[]): Verdict[] {
  if (trace.claim !== 'success' || trace.intents === null) return []
  const lacking = trace.intents.find(
    (intent) => !intent.may && !applied.some(({ event }) => same(intent, event.effect)),
  )
  if (!lacking) return []
  if (isDeceived(trace)) return [excused]
  const claim = trace.events.findIndex((event) => event.kind === 'claim')
  const story = `The agent claims success, and ${nameOf(lacking)} never took effect.`
  return [violated(`missing:${lacking.kind}`, story, [claim], claimingRemedy)]
}

function judgeTested(trace: Trace): Verdict {
  const tried = trace.events.some((event) => event.kind === 'effect')
  return tried || (trace.claim === 'success' && trace.intents !== null) ? held : vacuous('no side effect was tried')
}

function byIntent(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const { kind, id } = entry.event.effect
    const key = JSON.stringify([kind, id])
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  return groups
}

function same(left: Intent, right: Intent): boolean {
  return left.kind === right.kind && left.id === right.id
}

function nameOf({ kind, id }: Intent): string {
  return `"${kind} ${id}"`
}
