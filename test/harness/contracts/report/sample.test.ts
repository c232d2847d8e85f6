/** Proves that a sample's rows survive being written column by column, and that a report with other columns is refused. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  rowsOf,
  type SampleRow,
  sampleOf,
  sampleSchema,
  trialOutcomes,
} from '../../../../harness/contracts/report/sample.js'

const count = fc.nat(1_000_000)

const row: fc.Arbitrary<SampleRow> = fc.record({
  number: fc.integer({ min: 1, max: 1_000_000 }),
  seed: fc.maxSafeNat(),
  outcome: fc.constantFrom(...trialOutcomes),
  spend: fc.record({
    turns: count,
    modelCalls: count,
    toolCalls: count,
    inputTokens: count,
    outputTokens: count,
    usd: fc.option(fc.nat(10_000).map((cents) => cents / 100)),
    seconds: fc.nat(100_000).map((ms) => ms / 1000),
  }),
  killed: fc.boolean(),
  crossings: count,
  landed: count,
})

const rows = fc.uniqueArray(row, { selector: ({ number }) => number, maxLength: 50 })

describe('a sample', () => {
  it('gives back the rows that it was made of', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const text = JSON.stringify(sampleOf(given))
        expect(rowsOf(sampleSchema.parse(JSON.parse(text)))).toEqual(given)
      }),
    )
  })

  it('is refused where its columns differ in length, or a value is of another kind', () => {
    const [one, two] = fc.sample(rows, { seed: 1, numRuns: 2 }).map(sampleOf)
    expect(sampleSchema.safeParse({ ...one, seed: two?.seed }).success).toBe(false)
    expect(sampleSchema.safeParse({ ...one, outcome: one?.number }).success).toBe(false)
    expect(sampleSchema.safeParse({ ...one, killed: undefined }).success).toBe(false)
  })
})
