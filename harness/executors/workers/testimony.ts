/**
 * What a worker hands on of a trial that is to be judged again, and how another that never ran the agent judges it. By
 * then nothing counts but what was recorded: trace, goal and claim, and the world's final state where it can travel.
 */
import { isDeepStrictEqual } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { isUserError } from '../../contracts/errors.js'
import type { FinalState } from '../../contracts/executor.js'
import { type Invariant, judge } from '../../contracts/invariant.js'
import type { Scenario } from '../../contracts/scenario.js'
import type { Trace } from '../../contracts/trace.js'
import { inconclusive, type Judgement } from '../../contracts/verdict.js'
import type { TrialResult } from '../../trial/trial-result.js'
import type { JudgeRequest, Second, Testimony } from './protocol.js'

/** Of a trial that is over. `changed` names what of the language is no longer what it was. */
export function testimonyOf({ trace, state }: TrialResult, changed: readonly string[]): Testimony {
  return { trace, state: stateOf(state), changed }
}

/** As it can travel; `null` where it cannot. */
function stateOf(state: unknown): string | null {
  return isPlain(state) ? serialize(state).toString('base64') : null
}

/** The same for whoever asked for it: as JSON where that tells all of it, which every runtime reads. */
export function finalStateOf(state: unknown): FinalState | null {
  if (!isPlain(state)) return null
  const json = jsonOf(state)
  return json === undefined ? { form: 'v8', text: serialize(state).toString('base64') } : { form: 'json', text: json }
}

function jsonOf(state: unknown): string | undefined {
  try {
    const text = JSON.stringify(state)
    return isDeepStrictEqual(JSON.parse(text), state) ? text : undefined
  } catch {
    return undefined
  }
}

/** Bun has another form of its own. */
export const readsV8 = process.versions.bun === undefined

/** By an index and no method: these may be the agent's by now. */
export function isViolated(judgements: readonly Judgement[]): boolean {
  for (let index = 0; index < judgements.length; index++) {
    if (judgements[index]?.verdict.kind === 'violated') return true
  }
  return false
}

/** `shipped`: names of the invariants that ship, which go by nothing but what they are handed. */
export function judgeAgain(
  { invariants }: Pick<Scenario, 'invariants'>,
  { trace, state }: Pick<JudgeRequest, 'trace' | 'state'>,
  shipped: ReadonlySet<string>,
): Second {
  const judgements: Judgement[] = []
  const leftOut: string[] = []
  for (const invariant of invariants) {
    const judgement = state === null ? judgeWithout(invariant, trace) : judgeOne(invariant, trace, revive(state))
    if (judgement) judgements.push(judgement)
    else leftOut.push(invariant.name)
  }
  const own = invariants.map(({ name }) => name).filter((name) => !shipped.has(name))
  return { judgements, leftOut, own }
}

function judgeOne(invariant: Invariant, trace: Trace, state: unknown): Judgement | undefined {
  try {
    return judge([invariant], trace, state)[0]
  } catch (error) {
    if (!isUserError(error)) throw error
    return { invariant: invariant.name, verdict: inconclusive(error.message) }
  }
}

/** Nothing where it looks at the state, which is not there. */
function judgeWithout(invariant: Invariant, trace: Trace): Judgement | undefined {
  let looked = false
  const judgement = judgeOne(
    invariant,
    trace,
    untouchable(() => {
      looked = true
    }),
  )
  return looked ? undefined : judgement
}

function revive(state: string): unknown {
  return deserialize(Buffer.from(state, 'base64'))
}

/** Whatever is done with it is told, and fails. */
function untouchable(onTouch: () => void): unknown {
  const touch = (): never => {
    onTouch()
    throw new Error('the state is not there')
  }
  const traps: ProxyHandler<object> = {
    get: touch,
    has: touch,
    ownKeys: touch,
    getOwnPropertyDescriptor: touch,
    getPrototypeOf: touch,
    isExtensible: touch,
    set: touch,
    defineProperty: touch,
    deleteProperty: touch,
    preventExtensions: touch,
    setPrototypeOf: touch,
  }
  return new Proxy({}, traps)
}

/**
 * Whether a copy is the same to whoever looks at it. One of a class has lost its methods, and what a function, a getter or
 * a proxy gives is lost as well.
 */
function isPlain(value: unknown, seen = new Set<object>()): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false
  if (typeof value !== 'object' || value === null || seen.has(value)) return true
  seen.add(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Date.prototype) return true
  if (prototype === Map.prototype)
    return [...(value as Map<unknown, unknown>)].flat().every((one) => isPlain(one, seen))
  if (prototype === Set.prototype) return [...(value as Set<unknown>)].every((one) => isPlain(one, seen))
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return false
  return Reflect.ownKeys(value).every((key) => {
    const { get, value: part, enumerable } = Object.getOwnPropertyDescriptor(value, key) ?? {}
    if (key === 'length' && Array.isArray(value)) return true
    return typeof key === 'string' && get === undefined && enumerable === true && isPlain(part, seen)
  })
}
