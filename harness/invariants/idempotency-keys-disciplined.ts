/**
 * What makes a retry safe is the key, and a key is only as good as its discipline. Rules: the IETF draft
 * idempotency-key-header, and what payment services publish about theirs.
 */

import type { Invariant } from '../contracts/invariant.js'
import { type Crossing, crossingsOf, type Trace } from '../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { inOneAttempt } from './reading/attempts.js'
import { type ChangeRequest, changeRequestsOf } from './reading/change-requests.js'
import { mayBeGivenUp, rootOf } from './reading/flows.js'
import { groupBy } from './reading/grouping.js'
import { atLeast, taking, texts } from './reading/options.js'

/** What is asked of idempotency keys. Every part is optional. */
export interface KeyDiscipline {
  /** Kinds of effects that must carry a key. Others are judged where they carry one. */
  readonly kinds?: readonly string[]
  /** Virtual milliseconds for which the service remembers a key; an attempt later than that is a new request. */
  readonly lifetimeMs?: number
}

/** All attempts at one intent carry the same idempotency key, and no other intent does. */
export const idempotencyKeysDisciplined = taking(
  'idempotencyKeysDisciplined',
  { kinds: texts, lifetimeMs: atLeast(0) },
  (options: KeyDiscipline = {}): Invariant => {
    const { kinds = [], lifetimeMs = Number.POSITIVE_INFINITY } = options
    return {
      name: 'idempotency-keys-disciplined',
      kind: 'safety',
      harm: true,
      promise:
        'An idempotency key is the same for all attempts at one intent, restarts included, and another for every other ' +
        'intent. It is never sent with another payload, and not sent again unchanged after it was refused as reused.',
      antecedent:
        'A kind of change that carries keys was attempted twice, or for two intents; or a kind that must carry one was ' +
        'attempted. A corrected request after a refusal carries a new key, and so may what follows an acknowledged one.',
      remedy: 'Make the key from the intent, send it with every attempt, and never with another payload.',
      example:
        'The key was made anew for every attempt. The first refund was booked and its answer lost; to the service the ' +
        'retry was another refund, and it booked that too.',
      exemptions: {
        acknowledged: 'Another key is right where the agent had been told that the first request was done.',
        corrected:
          'Another key is right after a refusal for good, and for another payload after one that was not applied.',
        undone: 'Another key is right where something else was done about the same thing in between.',
        'another-kind': 'One key may serve two kinds of change, which are two services.',
      },
      check: (trace) => {
        const requests = changeRequestsOf(trace)
        const bare = requests.find(({ kind, key }) => key === null && kinds.includes(kind))
        if (bare) return missing(bare)
        const keyed = new Set(requests.filter(({ key }) => key !== null).map(({ kind }) => kind))
        const judged = requests.filter(({ kind }) => keyed.has(kind))
        if (judged.length === 0) return vacuous('no change that carries a key was attempted')
        const verdict = judgeSharing(judged) ?? judgePayloads(trace, judged, lifetimeMs)
        if (verdict) return verdict
        const isTested =
          kinds.length > 0 || [...groupBy(judged, ({ kind }) => kind).values()].some((all) => all.length > 1)
        return isTested ? held : vacuous('no change was attempted twice, or for two intents')
      },
    }
  },
)

function missing({ kind, id, index }: ChangeRequest): Verdict {
  return violated(`missing:${kind}`, `"${kind} ${id}" was attempted without an idempotency key.`, [index])
}

/** One key for two intents of a kind: to the service they are one. */
function judgeSharing(requests: readonly ChangeRequest[]): Verdict | undefined {
  const withKey = requests.filter(({ key }) => key !== null)
  for (const [first, ...others] of groupBy(withKey, ({ kind, key }) => JSON.stringify([kind, key])).values()) {
    const other = others.find(({ id }) => id !== first?.id)
    if (!first || !other) continue
    return violated(
      `shared:${first.kind}`,
      `"${first.kind} ${first.id}" and "${other.kind} ${other.id}" carry one key.`,
      [first.index, other.index],
    )
  }
  return undefined
}

/** Each attempt at an intent against the one before it. */
function judgePayloads(trace: Trace, requests: readonly ChangeRequest[], lifetimeMs: number): Verdict | undefined {
  for (const attempts of groupBy(requests, ({ kind, id }) => JSON.stringify([kind, id])).values()) {
    for (const [position, next] of attempts.entries()) {
      const before = attempts[position - 1]
      const oldest = attempts.find(({ key }) => key === next.key) ?? next
      const how = before && breach(trace, before, next, next.at - oldest.at > lifetimeMs)
      if (!how) continue
      const { kind, id } = next
      return violated(`${how.signature}:${kind}`, `"${kind} ${id}" was attempted again ${how.story}.`, [
        before.index,
        next.index,
      ])
    }
  }
  return undefined
}

interface Breach {
  readonly signature: string
  readonly story: string
}

function breach(trace: Trace, before: ChangeRequest, next: ChangeRequest, isForgotten: boolean): Breach | undefined {
  const samePayload = before.payload === next.payload
  if (before.key === next.key) {
    if (next.key === null) return undefined
    if (!samePayload) return { signature: 'payload', story: 'with the same idempotency key and another payload' }
    if (
      statusOf(before.crossing) === 422 &&
      isOver(before, next) &&
      !mayBeGivenUp(rootOf(before.crossing, crossingsOf(trace)))
    ) {
      return { signature: 'repeated', story: 'unchanged after its key had been refused as reused' }
    }
    return isForgotten && !isAcknowledged(trace, before, next)
      ? { signature: 'late', story: 'when the service had forgotten its idempotency key' }
      : undefined
  }
  return mayChange(trace, before, next, samePayload)
    ? undefined
    : { signature: 'changed', story: 'with another idempotency key' }
}

/** Whether a new key is right: the old request was refused, or corrected when it had not been applied, or is done with. */
function mayChange(trace: Trace, before: ChangeRequest, next: ChangeRequest, samePayload: boolean): boolean {
  const { result } = before.crossing
  const class_ = isOver(before, next) && result?.outcome.kind === 'failed' ? result.outcome.class : undefined
  if (class_ === 'definite') return true
  if (class_ === 'transient' && !samePayload) return true
  return isAcknowledged(trace, before, next) || isUndone(trace, before, next)
}

function isOver({ crossing }: ChangeRequest, next: ChangeRequest): boolean {
  return crossing.resultIndex >= 0 && crossing.resultIndex < next.index
}

function statusOf({ result }: Crossing): number | undefined {
  return result?.outcome.kind === 'failed' ? result.outcome.error.status : undefined
}

/** Whether the agent knew that it was done: it got the answer, and has not been restarted since. */
function isAcknowledged(trace: Trace, before: ChangeRequest, next: ChangeRequest): boolean {
  const root = rootOf(before.crossing, crossingsOf(trace))
  return (
    isOver(before, next) &&
    [before.crossing, root].every(({ result }) => result?.outcome.kind === 'ok') &&
    root.resultIndex < next.index &&
    inOneAttempt(trace, before.index, next.index)
  )
}

/** Whether something else was done about the same thing in between, so that it may have been undone and begun again. */
function isUndone({ events }: Trace, before: ChangeRequest, next: ChangeRequest): boolean {
  return events
    .slice(before.index, next.index)
    .some(
      (event) =>
        event.kind === 'effect' &&
        event.status === 'applied' &&
        event.effect.id === before.id &&
        event.effect.kind !== before.kind,
    )
}
