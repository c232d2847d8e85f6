/** Proves the interval and the test on a difference against published figures, and against each other. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  differenceAtAnyStop,
  differenceInterval,
  differencePValue,
  pValueAtAnyStop,
  type Successes,
} from '../../../harness/measure/difference.js'
import { confidenceSequence } from '../../../harness/measure/statistics.js'
import { agentOf, questions, simulateGate } from '../../support/measure/simulated.js'

const sample = (successes: number, trials: number): Successes => ({ successes, trials })

const someSample = fc
  .integer({ min: 1, max: 400 })
  .chain((trials) => fc.nat(trials).map((successes) => sample(successes, trials)))

describe("the interval on a difference by Newcombe's method 10", () => {
  it.each([
    // Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10, contrasts (a) to (h).
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %i/%i less %i/%i', (a, m, b, n, low, high) => {
    const found = differenceInterval(sample(b, n), sample(a, m))
    expect(found.low).toBeCloseTo(low, 4)
    expect(found.high).toBeCloseTo(high, 4)
  })

  it('turns around where the samples change places, and holds the difference', () => {
    fc.assert(
      fc.property(someSample, someSample, (base, head) => {
        const [there, back] = [differenceInterval(base, head), differenceInterval(head, base)]
        expect(there.low).toBeCloseTo(-back.high, 12)
        expect(there.high).toBeCloseTo(-back.low, 12)
        const difference = head.successes / head.trials - base.successes / base.trials
        expect(there.low).toBeLessThanOrEqual(difference)
        expect(there.high).toBeGreaterThanOrEqual(difference)
        expect([there.low >= -1 - 1e-12, there.high <= 1 + 1e-12]).toEqual([true, true])
      }),
    )
  })

  it('leaves out 0 exactly where its p-value is below 0.05', () => {
    fc.assert(
      fc.property(someSample, someSample, (base, head) => {
        const { low, high } = differenceInterval(base, head)
        const pValue = differencePValue(base, head)
        fc.pre(Math.abs(pValue - 0.05) > 1e-9)
        expect(pValue < 0.05).toBe(low > 0 || high < 0)
        expect(pValue).toBeCloseTo(differencePValue(head, base), 9)
      }),
    )
  })

  it('has a p-value of 1 for equal shares, and hardly any for the greatest difference', () => {
    expect(differencePValue(sample(5, 10), sample(50, 100))).toBe(1)
    expect(differencePValue(sample(1000, 1000), sample(0, 1000))).toBeLessThan(1e-100)
  })
})

describe('a difference of samples that their own results ended', () => {
  it('lies between what the confidence sequences leave, each at half the risk', () => {
    const [base, head] = [confidenceSequence(100, 100, 0.025), confidenceSequence(60, 100, 0.025)]
    const found = differenceAtAnyStop(sample(100, 100), sample(60, 100))
    expect(found).toEqual({ low: head.low - base.high, high: head.high - base.low })
    expect(found.high).toBeLessThan(0)
  })

  it('leaves out 0 exactly where its p-value is below 0.05, and is wider than that of a number settled before', () => {
    fc.assert(
      fc.property(someSample, someSample, (base, head) => {
        const [{ low, high }, fixed] = [differenceAtAnyStop(base, head), differenceInterval(base, head)]
        const pValue = pValueAtAnyStop(base, head)
        fc.pre(Math.abs(pValue - 0.05) > 1e-6)
        expect(pValue < 0.05).toBe(low > 0 || high < 0)
        expect(high - low).toBeGreaterThan(fixed.high - fixed.low)
      }),
    )
  })

  it('has a p-value of 1 where the shares are equal', () => {
    expect(pValueAtAnyStop(sample(10, 10), sample(20, 20))).toBe(1)
  })

  const runs = 1_000
  const pairs = questions.flatMap(([aim, reliability]) => {
    return [aim, (aim + reliability) / 2, reliability].map((chance) => {
      const succeeds = agentOf(chance, `compared ${aim} ${chance}`)
      const { walks } = simulateGate({ aim, reliability }, succeeds, { runs: 2 * runs, trialsMax: 2_000 })
      const counted = walks.map(({ successes, failures }) => sample(successes, successes + failures))
      return { chance, walks: counted }
    })
  })
  const worse = (pValue: typeof pValueAtAnyStop) =>
    pairs.map(({ walks }) => {
      let count = 0
      for (let index = 0; index < runs; index++) {
        const [base = sample(0, 1), head = sample(0, 1)] = [walks[2 * index], walks[2 * index + 1]]
        const isLess = head.successes * base.trials < base.successes * head.trials
        if (isLess && pValue(base, head) <= 0.05) count++
      }
      return count
    })
  const [naive, sound] = [Math.max(...worse(differencePValue)), Math.max(...worse(pValueAtAnyStop))]

  it(`calls an agent worse than itself in ${sound} of ${runs} pairs of gates; as if sizes were settled it would in ${naive}`, () => {
    expect(sound).toBeLessThanOrEqual(0.025 * runs)
    expect(naive).toBeGreaterThan(0.05 * runs)
  })
})
