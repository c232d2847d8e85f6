/**
 * The ledger: what really happened to the world outside the agent, and the memory of the services that it happened at.
 * A change with an idempotency key is treated as by a service that honours such keys, following the IETF draft
 * idempotency-key-header. The same key and payload gives the first result again. Another payload is refused with 422,
 * an original still in progress with 409. Work that failed or was left half done is taken up again where it stopped. It
 * belongs to the world and not to an agent's attempt: what it was asked to do goes on when the agent crashes.
 */
import type { Json } from '../../../faults/json.js'
import type { EffectInfo } from '../../contracts/agent.js'
import type { Crossings } from '../../contracts/crossing.js'
import type { EventOf } from '../../contracts/trace.js'
import { BoundaryError, classify, textOf } from '../calls/failures.js'
import { plain } from '../calls/plain.js'

export type EffectStep = () => unknown

interface KeyRecord {
  readonly request: string
  state: 'running' | 'stopped' | 'done'
  readonly results: unknown[]
}

/** A change as it reaches the service behind it. */
export interface Change {
  /** The number of the crossing that brought it. */
  readonly crossing: number
  readonly info: EffectInfo
  readonly steps: readonly EffectStep[]
  /** The most steps that are applied now. */
  readonly stepsMax: number
}

export class Ledger {
  readonly #record: Crossings['record']
  readonly #keys: Map<string, KeyRecord>

  /** `memory` is what `snapshot` of another process's ledger gave. */
  constructor(record: Crossings['record'], memory: Json = []) {
    this.#record = record
    this.#keys = new Map(memory as unknown as [string, KeyRecord][])
  }

  /** The keys that are known, with the results that go with them, as plain data. */
  snapshot(): Json {
    return JSON.parse(textOf([...this.#keys])) as Json
  }

  /** Carries the change out, or gives a known key's results again; enters either. Rejects where it is refused. */
  async perform(change: Change): Promise<readonly unknown[]> {
    const { info, steps } = change
    if (info.key === undefined) return this.#apply(change, { request: '', state: 'running', results: [] })
    const request = requestText({ ...info, key: undefined })
    // A service of its own stands behind each kind, and remembers its own keys.
    const name = JSON.stringify([info.kind, info.key])
    const known = this.#keys.get(name)
    if (known && known.request !== request) {
      return this.#refuse(change, 422, 'KEY_REUSED', 'idempotency key reused with another payload', 'definite')
    }
    if (known?.state === 'running') {
      return this.#refuse(change, 409, 'KEY_IN_USE', 'a request with this key is in progress', 'transient')
    }
    if (known?.state === 'done') {
      this.#enter(change, 'replayed', [], steps.length)
      return known.results
    }
    const record: KeyRecord = known ?? { request, state: 'running', results: [] }
    record.state = 'running'
    this.#keys.set(name, record)
    return this.#apply(change, record)
  }

  /** Applies the steps that are still to do, `stepsMax` of them at most, and enters what really happened. */
  async #apply(change: Change, record: KeyRecord): Promise<readonly unknown[]> {
    const { steps, stepsMax } = change
    const applied: number[] = []
    const status = () =>
      record.results.length === steps.length ? 'applied' : applied.length > 0 ? 'partial' : 'refused'
    try {
      while (record.results.length < steps.length && applied.length < stepsMax) {
        const index = record.results.length
        record.results.push(await steps[index]?.())
        applied.push(index)
      }
    } catch (error) {
      record.state = 'stopped'
      this.#enter(change, status(), applied, steps.length)
      throw error
    }
    record.state = record.results.length === steps.length ? 'done' : 'stopped'
    this.#enter(change, status(), applied, steps.length)
    return record.results
  }

  #refuse(change: Change, status: number, code: string, message: string, class_: 'definite' | 'transient'): never {
    this.#enter(change, 'refused', [], 1)
    throw classify(new BoundaryError(message, code, status), class_)
  }

  #enter(
    { crossing, info }: Change,
    status: EventOf<'effect'>['status'],
    steps: readonly number[],
    stepsTotal: number,
  ): void {
    this.#record({
      kind: 'effect',
      crossing,
      effect: { kind: info.kind, id: String(info.intent) },
      key: info.key ?? null,
      payload: plain(info.payload) ?? null,
      status,
      steps,
      stepsTotal,
    })
  }
}

/** What is asked of a service, as text. */
export function requestText({ kind, intent, key, payload }: EffectInfo): string {
  return textOf({ kind, intent, key, payload })
}
