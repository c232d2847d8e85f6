/**
 * Side effects: each is a crossing of `effect:KIND` and, once it was carried out or refused, an entry in the ledger.
 * A change with an idempotency key behaves as a service that honours such keys, following the IETF draft
 * idempotency-key-header: the same key and payload gives the first result again, another payload is refused with 422,
 * an original still in progress with 409. Work that failed or was left half done is taken up again where it stopped.
 */
import type { Json } from '../../faults/json.js'
import type { Crossings, OpenCrossing } from '../crossing.js'
import type { EffectFunction, EffectInfo, ErrorShapes } from '../scenario.js'
import type { EventOf } from '../trace.js'
import { carryOut } from './carry-out.js'
import { BoundaryError, classified, textOf } from './failures.js'

type Step = () => unknown
type EffectCrossing = OpenCrossing<'effect'>

interface KeyRecord {
  readonly request: string
  state: 'running' | 'stopped' | 'done'
  readonly results: unknown[]
}

export class Ledger {
  readonly #crossings: Crossings
  readonly #errors: ErrorShapes
  readonly #parent: () => number | null
  readonly #keys = new Map<string, KeyRecord>()

  /** `parent` tells which crossing is under way while an effect begins. */
  constructor(crossings: Crossings, errors: ErrorShapes, parent: () => number | null) {
    this.#crossings = crossings
    this.#errors = errors
    this.#parent = parent
  }

  readonly effect: EffectFunction = async (
    info: EffectInfo & { readonly steps?: readonly Step[] },
    apply?: Step,
  ): Promise<never> => {
    const steps = info.steps ?? (apply ? [apply] : [])
    if (steps.length === 0) throw new TypeError('effect(info, apply): a function to apply, or info.steps, is needed')
    return (await this.#cross(info, steps, info.steps !== undefined)) as never
  }

  async #cross(info: EffectInfo, steps: readonly Step[], divisible: boolean): Promise<unknown> {
    const crossing = this.#crossings.open('effect', {
      target: info.kind,
      input: requestText(info),
      argument: () => info,
      traits: divisible ? ['steps'] : [],
      parent: this.#parent(),
    })
    return carryOut<unknown>(crossing, this.#crossings, {
      target: `${info.kind} ${info.intent}`,
      errors: this.#errors,
      via: 'throw',
      execute: async (stepsMax) => {
        const results = await this.#perform(crossing, info, steps, stepsMax)
        return divisible ? [...results] : results[0]
      },
    })
  }

  async #perform(crossing: EffectCrossing, info: EffectInfo, steps: readonly Step[], stepsMax: number) {
    if (info.key === undefined) {
      return this.#apply(crossing, info, steps, { request: '', state: 'running', results: [] }, stepsMax)
    }
    const request = requestText({ ...info, key: undefined })
    // A service of its own stands behind each kind, and remembers its own keys.
    const name = JSON.stringify([info.kind, info.key])
    const known = this.#keys.get(name)
    if (known && known.request !== request) {
      return this.#refuse(crossing, info, 422, 'KEY_REUSED', 'idempotency key reused with another payload', 'definite')
    }
    if (known?.state === 'running') {
      return this.#refuse(crossing, info, 409, 'KEY_IN_USE', 'a request with this key is in progress', 'transient')
    }
    if (known?.state === 'done') {
      this.#enter(crossing, info, 'replayed', [], steps.length)
      return known.results
    }
    const record: KeyRecord = known ?? { request, state: 'running', results: [] }
    record.state = 'running'
    this.#keys.set(name, record)
    return this.#apply(crossing, info, steps, record, stepsMax)
  }

  /** Applies the steps that are still to do, `stepsMax` of them at most, and enters what really happened. */
  async #apply(
    crossing: EffectCrossing,
    info: EffectInfo,
    steps: readonly Step[],
    record: KeyRecord,
    stepsMax: number,
  ) {
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
      this.#enter(crossing, info, status(), applied, steps.length)
      throw error
    }
    record.state = record.results.length === steps.length ? 'done' : 'stopped'
    this.#enter(crossing, info, status(), applied, steps.length)
    return record.results
  }

  #refuse(
    crossing: EffectCrossing,
    info: EffectInfo,
    status: number,
    code: string,
    message: string,
    class_: 'definite' | 'transient',
  ): never {
    this.#enter(crossing, info, 'refused', [], 1)
    throw classified(new BoundaryError(message, code, status), class_)
  }

  #enter(
    crossing: EffectCrossing,
    info: EffectInfo,
    status: EventOf<'effect'>['status'],
    steps: readonly number[],
    stepsTotal: number,
  ): void {
    this.#crossings.record({
      kind: 'effect',
      crossing: crossing.number,
      effect: { kind: info.kind, id: String(info.intent) },
      key: info.key ?? null,
      payload: plainPayload(info.payload),
      status,
      steps,
      stepsTotal,
    })
  }
}

function requestText({ kind, intent, key, payload }: EffectInfo): string {
  return textOf({ kind, intent, key, payload })
}

/** What JSON cannot hold is entered as the text that names it: the ledger must not fail where the change did not. */
function plainPayload(payload: unknown): Json {
  if (payload === undefined) return null
  const text = textOf(payload)
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
