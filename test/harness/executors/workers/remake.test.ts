/** What judges where no agent ran is the very invariant that the scenario has, or nothing. */
import { describe, expect, it } from 'vitest'
import type { ScenarioFacts } from '../../../../harness/contracts/executor.js'
import type { Invariant } from '../../../../harness/contracts/invariant.js'
import { remake } from '../../../../harness/executors/workers/remake.js'
import { invariantCatalogue } from '../../../../harness/invariants/catalogue.js'
import { approvalAwaited, breakerTrips, effectsExactlyOnce, invariant } from '../../../../harness/invariants/index.js'
import { recipeOf } from '../../../../harness/invariants/reading/recipe.js'

const factsOf = (...invariants: readonly Invariant[]) => ({
  invariants: invariants.map((one): ScenarioFacts['invariants'][number] => {
    const { name, kind } = one
    const recipe = recipeOf(one)
    // As it comes from a worker.
    return JSON.parse(JSON.stringify({ name, kind, listed: true, recipe }))
  }),
})

const wordsOf = ({ check, ...words }: Invariant) => words

describe('an invariant that ships', () => {
  it.each(invariantCatalogue.map((one) => [one.name, one] as const))(
    '%s is made again from its recipe',
    async (_, one) => {
      const [again] = (await remake(factsOf(one))) ?? []
      expect(again && wordsOf(again)).toEqual(wordsOf(one))
    },
  )

  it('keeps its options', async () => {
    const [again] = (await remake(factsOf(breakerTrips({ turns: 7 })))) ?? []
    expect(again?.promise).toBe(breakerTrips({ turns: 7 }).promise)
    expect(again?.promise).not.toBe(breakerTrips({ turns: 8 }).promise)
  })
})

describe('an invariant that is judged by a process of its scenario', () => {
  it.each([
    ['is the user own', invariant('books-balance', () => true)],
    ['is a copy, which may check something else', { ...effectsExactlyOnce() }],
    [
      'has a function among its options',
      approvalAwaited({ approvals: { refund: { by: 'tool:ask', grants: () => true } } }),
    ],
    ['has an option without end', breakerTrips({ turns: Number.POSITIVE_INFINITY })],
  ])('%s', async (_, one) => {
    expect(await remake(factsOf(effectsExactlyOnce(), one))).toBeUndefined()
  })
})
