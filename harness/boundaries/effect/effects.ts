/**
 * Side effects as the agent's code meets them: each is a crossing of `effect:KIND` that asks the ledger for a change.
 * `wrapClient` makes the methods of a client that the agent already has such effects.
 */

import type { EffectFunction, EffectInfo, FailureLook, WrappedMethods } from '../../contracts/agent.js'
import type { Crossings } from '../../contracts/crossing.js'
import { say, UserError } from '../../contracts/errors.js'
import { callSite } from '../../contracts/place.js'
import type { EffectRequest } from '../../contracts/request.js'
import { carryOut } from '../calls/carry-out.js'
import { plain } from '../calls/plain.js'
import { type EffectStep, type Ledger, requestText } from './ledger.js'

export interface EffectsOptions {
  readonly ledger: Ledger
  /** Of the attempt whose code calls. */
  readonly crossings: Crossings
  /** Tells which crossing is under way while an effect begins. */
  readonly parent: () => number | null
  readonly look: Required<FailureLook>
  /** Told of arguments that are wrong, for who calls may catch what is thrown. */
  readonly onMisuse: (error: UserError) => void
}

/** The `effect` that a world is handed. */
export function effectFunction({ ledger, crossings, parent, look, onMisuse }: EffectsOptions): EffectFunction {
  const cross = async (info: EffectInfo, steps: readonly EffectStep[], divisible: boolean): Promise<unknown> => {
    const crossing = crossings.open('effect', {
      target: info.kind,
      request: requestOf(info),
      identity: crossings.identityOf(requestText(info)),
      argument: () => info,
      traits: divisible ? ['steps'] : [],
      parent: parent(),
    })
    return carryOut<unknown>(crossing, crossings, {
      target: `${info.kind} ${info.intent}`,
      ...look,
      steps: steps.length,
      execute: async (stepsMax) => {
        const results = await ledger.perform({ crossing: crossing.number, info, steps, stepsMax })
        return divisible ? [...results] : results[0]
      },
    })
  }
  return async (info: EffectInfo & { readonly steps?: readonly EffectStep[] }, apply?: EffectStep): Promise<never> => {
    const fault = faultIn(info, apply)
    if (fault !== undefined) {
      const error = new UserError(`effect(info, apply): ${fault}`, callSite())
      onMisuse(error)
      throw error
    }
    const steps = info.steps ?? (apply ? [apply] : [])
    return (await cross(info, steps, info.steps !== undefined)) as never
  }
}

/** What is wrong with the arguments, whatever a model may have made of what they were made from. */
function faultIn(
  info: Partial<EffectInfo & { readonly steps: unknown }> | null | undefined,
  apply: unknown,
): string | undefined {
  if (typeof info !== 'object' || info === null) return `expected { kind, intent }, got ${say(info)}`
  const { kind, steps } = info
  if (typeof kind !== 'string' || kind === '') return `kind: expected a text, got ${say(kind)}`
  if (steps === undefined) {
    return typeof apply === 'function' ? undefined : `expected a function to apply, or info.steps, got ${say(apply)}`
  }
  const isList = Array.isArray(steps) && steps.length > 0 && steps.every((step) => typeof step === 'function')
  return isList ? undefined : `steps: expected functions in an array, at least one, got ${say(steps)}`
}

function requestOf({ kind, intent, key, payload }: EffectInfo): EffectRequest {
  return { kind: 'effect', effect: { kind, id: String(intent) }, key: key ?? null, payload: plain(payload) ?? null }
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown

/** The client with the named methods as side effects. Throws a `UserError` for a method that it does not have. */
export function wrapClient<T extends object>(client: T, methods: WrappedMethods, effect: EffectFunction): T {
  return wrap(client, Object.entries(methods), effect, '') as T
}

function wrap(
  target: object,
  methods: readonly (readonly [string, WrappedMethods[string]])[],
  effect: EffectFunction,
  path: string,
): object {
  const replaced = new Map<string, unknown>()
  for (const name of new Set(methods.map(([dotted]) => dotted.split('.')[0] ?? ''))) {
    const member: unknown = Reflect.get(target, name)
    const own = methods.find(([dotted]) => dotted === name)
    const inner = methods
      .filter(([dotted]) => dotted.startsWith(`${name}.`))
      .map(([dotted, info]) => [dotted.slice(name.length + 1), info] as const)
    if (own) replaced.set(name, asEffect(member, own[1], target, effect, `${path}${name}`))
    else if (typeof member === 'object' && member !== null) {
      replaced.set(name, wrap(member, inner, effect, `${path}${name}.`))
    } else throw new UserError(`wrap: the client has no "${path}${name}" that holds ${inner[0]?.[0]}`)
  }
  return new Proxy(target, {
    get(owner, property) {
      if (typeof property === 'string' && replaced.has(property)) return replaced.get(property)
      const value: unknown = Reflect.get(owner, property, owner)
      // Bound, for a proxy has no access to what an object keeps private.
      return typeof value === 'function' && property !== 'constructor' ? value.bind(owner) : value
    },
    set: (owner, property, value) => Reflect.set(owner, property, value, owner),
  })
}

function asEffect(
  method: unknown,
  info: WrappedMethods[string],
  self: object,
  effect: EffectFunction,
  path: string,
): AnyFunction {
  if (typeof method !== 'function') throw new UserError(`wrap: the client has no method "${path}"`)
  return (...args) => effect(info(...args), () => Reflect.apply(method as AnyFunction, self, args))
}
