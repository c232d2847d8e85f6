/**
 * How an invariant that ships was made, as plain data: the name of its maker and the options. So a process that has none
 * of the user's modules can make the same one, and judge by it.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Recipe } from '../../contracts/executor.js'
import type { Invariant } from '../../contracts/invariant.js'

/** By the very value that a maker gave: a copy of it may check something else. */
const recipes = new WeakMap<Invariant, Recipe>()

/** Nothing where it is not of a maker that ships, or where its options do not survive being sent. */
export function recipeOf(invariant: Invariant): Recipe | undefined {
  return recipes.get(invariant)
}

/** The invariant itself, and how it was made is known from now on. */
export function noteRecipe(invariant: Invariant, maker: string, args: readonly unknown[]): Invariant {
  const options = args[0]
  if (options === undefined) recipes.set(invariant, { maker })
  else if (isSendable(options)) recipes.set(invariant, { maker, options })
  return invariant
}

/** A function, a date or a number without end does not come out of JSON as it went in. */
function isSendable(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value)
  } catch {
    return false
  }
}
