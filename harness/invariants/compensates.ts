/**
 * What was begun and not finished is undone. Judged by the ledger alone: what counts is the world that the agent leaves
 * behind, and whether it could have left a better one.
 */

import { asksModel, isChange } from '../contracts/boundary.js'
import { isRecord } from '../contracts/checks.js'
import type { Invariant } from '../contracts/invariant.js'
import { type Crossing, crossingsOf, type EventOf, type Trace } from '../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { isDeceived } from './reading/deception.js'
import { rootOf } from './reading/flows.js'
import { groupBy } from './reading/grouping.js'
import { eachOf, mandatory, type Rules, recordOf, taking, text } from './reading/options.js'
import { type SitePattern, sitePattern } from './reading/site-pattern.js'
import { weightiest } from './reading/weightiest.js'

/** What undoes a change. */
export interface Compensation {
  /** The kind of effect that undoes. */
  readonly kind: string
  /** Where the agent asks for it, if its name does not say so: `tool:cancel-booking`. */
  readonly via?: string
}

/** Which changes undo which. */
export interface CompensationOptions {
  /** By kind of effect, what undoes it for the same intent: `{ reserve: 'release' }`. */
  readonly pairs: Readonly<Record<string, string | Compensation>>
}

const pair: Rules[string] = (checks, option, value) => {
  if (typeof value === 'string') return
  checks.expect(isRecord(value), option, 'a kind of effect, or { kind, via }', value)
  recordOf({ kind: mandatory(text, 'a kind of effect'), via: text })(checks, option, value)
}

/** What was begun and not finished is undone. Throws a `UserError` for a `via` that names no boundary. */
export const compensates = taking(
  'compensates',
  { pairs: mandatory(eachOf(pair), 'what undoes each kind of effect, as in { reserve: "release" }') },
  ({ pairs }: CompensationOptions): Invariant => {
    const undoing = Object.entries(pairs).map(([kind, by]) => pairOf(kind, typeof by === 'string' ? { kind: by } : by))
    return {
      name: 'compensates',
      ...(undoing.length === 0 && { idle: 'no kind of change is paired with one that undoes it' }),
      kind: 'safety',
      harm: true,
      undoneBy: Object.fromEntries(undoing.map(({ kind, undoneBy }) => [kind, undoneBy])),
      promise:
        'Where the agent ends in failure or says that it rolled back, what it had changed is undone; where it claims ' +
        'success, nothing that the task calls for is left undone.',
      antecedent:
        'A change of a kind that can be undone took effect, and the agent answered. One that tried to undo it at the ' +
        'last, and was kept from it, is not judged; nor is an answer of "degraded". A success may undo what only may happen.',
      remedy: 'Undo what was done, newest first, when a later step fails for good, and retry the undoing.',
      example:
        'The room was booked and the flight was sold out. The agent told the customer that the trip could not be ' +
        'arranged, and the room stayed booked, and was paid for.',
      exemptions: {
        'kept-from-it': 'The last try to undo something failed, or had not ended: the agent may have stopped there.',
        deceived: 'A fault that looks like success took effect.',
        degraded: 'The agent answers that it did a part of the task, or never answers.',
        'another-way':
          'Of what stands undone after a success: the task does not call for it, as for a way that was tried and given up.',
      },
      check: (trace) => {
        if (undoing.length === 0) return vacuous('no kind of change is paired with one that undoes it')
        const changes = undoing.flatMap((pair) => changesOf(trace, pair))
        if (changes.length === 0) return untouched
        switch (trace.claim) {
          case 'failure':
          case 'rolled-back':
            return ofAll(changes.map((change) => mustBeUndone(trace, change, undoing)))
          case 'success':
            return ofAll(changes.map((change) => mustStand(trace, change)))
          default:
            return vacuous(trace.claim === null ? 'the agent never answered' : 'the agent answered with a part of it')
        }
      },
    }
  },
)

interface Pair {
  readonly kind: string
  readonly undoneBy: string
  readonly asks: SitePattern
}

/** An effect that was applied, and all that the ledger holds of its intent. */
interface Change {
  readonly pair: Pair
  readonly id: string
  readonly applied: readonly number[]
  readonly undone: readonly number[]
}

function pairOf(kind: string, { kind: undoneBy, via }: Compensation): Pair {
  const named = via === undefined ? undefined : sitePattern(via)
  const word = undoneBy.toLowerCase()
  return {
    kind,
    undoneBy,
    asks: (site) => named?.(site) ?? (!asksModel(site) && site.target.toLowerCase().includes(word)),
  }
}

function changesOf({ events }: Trace, pair: Pair): Change[] {
  const entries = events.flatMap((event, index) =>
    event.kind === 'effect' && hasChanged(event) ? [{ event, index }] : [],
  )
  const ofPair = entries.filter(({ event }) => event.effect.kind === pair.kind || event.effect.kind === pair.undoneBy)
  return [...groupBy(ofPair, ({ event }) => event.effect.id)].flatMap(([id, all]) => {
    const indices = (kind: string) => all.filter(({ event }) => event.effect.kind === kind).map(({ index }) => index)
    const applied = indices(pair.kind)
    return applied.length === 0 ? [] : [{ pair, id, applied, undone: indices(pair.undoneBy) }]
  })
}

function hasChanged({ status }: EventOf<'effect'>): boolean {
  return status === 'applied' || status === 'partial'
}

const untouched = vacuous('nothing that can be undone took effect')

function ofAll(verdicts: readonly Verdict[]): Verdict {
  return weightiest(verdicts, verdicts[0] ?? untouched)
}

function mustBeUndone(trace: Trace, { pair, id, applied, undone }: Change, pairs: readonly Pair[]): Verdict {
  const crossings = crossingsOf(trace)
  const last = applied.at(-1) ?? -1
  const asked = begunAt(trace, crossings, last)
  // One that was undone before it took effect, late, was asked to be undone in time.
  if (undone.some((index) => index > last || begunAt(trace, crossings, index) > asked)) return held
  if (isDeceived(trace)) return vacuous('a fault that looks like success took effect')
  // Undoing goes step by step, and whoever was kept from one step may have stopped there.
  const lastTry = crossings.findLast(
    (each) => each.callIndex > asked && pairs.some((other) => asksToUndo(trace, each, other)),
  )
  if (lastTry && (lastTry.result === undefined || lastTry.result.outcome.kind === 'failed')) {
    return vacuous('the agent was kept from undoing it')
  }
  const claim = trace.events.findIndex((event) => event.kind === 'claim')
  return violated(
    `left:${pair.kind}`,
    `"${pair.kind} ${id}" took effect, the agent ended without success, and no "${pair.undoneBy}" undid it.`,
    [last, claim],
  )
}

/** Index of the call with which the agent asked for the effect; a tool may come to make it much later. */
function begunAt({ events }: Trace, crossings: readonly Crossing[], effectIndex: number): number {
  const event = events[effectIndex]
  const crossing = event?.kind === 'effect' ? crossings[event.crossing] : undefined
  return crossing ? rootOf(crossing, crossings).callIndex : effectIndex
}

function asksToUndo({ events }: Trace, { call }: Crossing, { undoneBy, asks }: Pair): boolean {
  if (isChange(call.site)) return call.site.target === undoneBy
  const madeOne = events.some(
    (event) => event.kind === 'effect' && event.crossing === call.crossing && event.effect.kind === undoneBy,
  )
  return madeOne || asks(call.site)
}

/** Alternatives that were tried and given up may be undone; what the task calls for may not. */
function mustStand({ intents, events }: Trace, { pair, id, applied, undone }: Change): Verdict {
  const lastUndone = undone.at(-1)
  if (lastUndone === undefined) return vacuous('nothing had to be undone')
  if (lastUndone < (applied.at(-1) ?? -1)) return held
  if (!intents?.some((intent) => !intent.may && intent.kind === pair.kind && intent.id === id)) return held
  const claim = events.findIndex((event) => event.kind === 'claim')
  return violated(
    `undone:${pair.kind}`,
    `The agent claims success, and "${pair.kind} ${id}" was undone by "${pair.undoneBy}".`,
    [lastUndone, claim],
  )
}
