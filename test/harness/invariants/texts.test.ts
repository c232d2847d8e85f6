/** Proves that what an invariant says of itself is whole, whatever numbers are put into it. */
import { describe, expect, it } from 'vitest'
import { invariantCatalogue } from '../../../harness/invariants/catalogue.js'

describe.each(invariantCatalogue.map((invariant) => [invariant.name, invariant] as const))('%s', (_, invariant) => {
  const { promise, antecedent, remedy, example, exemptions = {} } = invariant

  it.each(Object.entries({ promise, antecedent, remedy, example, ...exemptions }))(
    'says whole sentences: %s',
    (_, text) => {
      expect(text).toMatch(/^\S.*\.$/)
      expect(text).not.toMatch(/NaN|undefined|null|Infinity|\[object|\$\{| {2}/)
    },
  )
})
