/** Makes a scenario's invariants once more, in a process that has none of its modules. */

import { say } from '../../contracts/errors.js'
import type { ScenarioFacts } from '../../contracts/executor.js'
import type { Invariant } from '../../contracts/invariant.js'

/** Loaded while workers load the scenario, so that nobody waits for it when they have. */
export const loadMakers = () => import('../../invariants/index.js')

type Maker = (options?: unknown) => Invariant

/** Nothing where one of them is the user's own, or was made with what is no plain data. */
export async function remake({
  invariants,
}: Pick<ScenarioFacts, 'invariants'>): Promise<readonly Invariant[] | undefined> {
  const recipes = invariants.flatMap(({ recipe }) => recipe ?? [])
  if (recipes.length < invariants.length) return undefined
  const shipped: Readonly<Record<string, unknown>> = await loadMakers()
  return recipes.map(({ maker, options }) => {
    const make = shipped[maker]
    if (typeof make !== 'function') throw new Error(`expected the maker "${maker}" of an invariant, got ${say(make)}`)
    return options === undefined ? (make as Maker)() : (make as Maker)(options)
  })
}
