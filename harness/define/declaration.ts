/**
 * That a scenario is the one that `defineScenario` gave, and which lines of its file made it. By that another process finds the
 * same one among what the file exports. A copy of it, as `{ ...scenario, agent }` makes, has no declaration: it is another one.
 */
import { type CallLines, callLines } from '../contracts/place.js'

interface Declaration extends Partial<CallLines> {
  /** Its options as they were then. */
  readonly was: Readonly<Record<string, unknown>>
}

/** The same for every copy of this package. */
const key = Symbol.for('agent-chaos.declaration/1')

export type Declared =
  | ({ readonly kind: 'declared' } & CallLines)
  /** It is a copy, or was changed. */
  | { readonly kind: 'changed' }
  /** By whom is not known. */
  | { readonly kind: 'unplaced' }

/** The scenario itself, with its declaration. */
export function withDeclaration<S extends object>(scenario: S): S {
  const value: Declaration = { ...callLines(), was: Object.fromEntries(Object.entries(scenario)) }
  Object.defineProperty(scenario, key, { value })
  return scenario
}

export function declarationOf(scenario: object): Declared {
  const found = Reflect.get(scenario, key) as Declaration | undefined
  const now = scenario as Readonly<Record<string, unknown>>
  if (!found || Object.keys(found.was).some((name) => !Object.is(found.was[name], now[name])))
    return { kind: 'changed' }
  const { file, lines } = found
  return file === undefined || lines === undefined ? { kind: 'unplaced' } : { kind: 'declared', file, lines }
}
