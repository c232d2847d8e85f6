/** Every formula of the measure phase against vectors that were computed independently of this project. */
import { describe, expect, it } from 'vitest'
import { chanceOfAtLeast } from '../../../harness/measure/distributions.js'
import { errorBudget } from '../../../harness/measure/error-budget.js'
import { allOfThemSucceed, oneOfThemSucceeds } from '../../../harness/measure/repeats.js'
import {
  bandHalfWidth,
  bandHalfWidthAtAnyStop,
  clopperPearson,
  confidenceSequence,
  lowerBound,
  quantile,
  trialsToShow,
  upperBound,
  wilson,
} from '../../../harness/measure/statistics.js'

const digits = 6

describe('the binomial tail', () => {
  it.each([
    [1, 1, 0.3, 0.3],
    [2, 3, 0.5, 0.5],
    [3, 3, 0.5, 0.125],
    [0, 5, 0.2, 1],
    [6, 5, 0.9, 0],
    [1, 10, 0, 0],
    [10, 10, 1, 1],
    // A die thrown 60 times: 15 sixes or more.
    [15, 60, 1 / 6, 0.064780375],
  ])('of %i or more of %i at %f', (least, trials, chance, expected) => {
    expect(chanceOfAtLeast(least, trials, chance)).toBeCloseTo(expected, digits)
  })

  it.each([
    [0.01, 0.001, 3],
    [0.001, 1.1e-6, 7],
    [0.05, 0.0755, 4],
  ])(
    'says what is left unknown where all plans of at most two faults at 20 points were run, at %f: %f',
    (rate, rest, to) => {
      expect(chanceOfAtLeast(3, 20, rate)).toBeCloseTo(rest, to)
    },
  )

  it('and its complement add up to 1, from either side of the mean and for many trials', () => {
    for (const [least, trials, chance] of [
      [3, 10, 0.35],
      [181, 200, 0.9],
      [29_900, 30_000, 0.997],
      [500_200, 1_000_000, 0.5],
    ] as const) {
      const fewer = chanceOfAtLeast(trials - least + 1, trials, 1 - chance)
      expect(chanceOfAtLeast(least, trials, chance) + fewer).toBeCloseTo(1, 8)
    }
  })

  it('falls with every success that is asked for', () => {
    const tails = Array.from({ length: 42 }, (_, least) => chanceOfAtLeast(least, 40, 0.8))
    for (const [index, tail] of tails.entries()) if (index > 0) expect(tail).toBeLessThanOrEqual(tails[index - 1] ?? 0)
  })
})

describe('intervals at 95 %', () => {
  const vectors = [
    [0, 10, [0, 0.277533], [0, 0.308497]],
    [10, 10, [0.722467, 1], [0.691503, 1]],
    [7, 50, [0.069508, 0.261862], [0.058192, 0.267396]],
    [95, 100, [0.88825, 0.978456], [0.887165, 0.983568]],
    [99, 100, [0.945514, 0.998233], [0.945541, 0.999747]],
    [100, 100, [0.963007, 1], [0.963783, 1]],
    [199, 200, [0.972226, 0.999117], [0.972458, 0.999873]],
    [500, 500, [0.992376, 1], [0.992649, 1]],
    [2990, 3000, [0.993875, 0.998188], [0.993878, 0.9984]],
  ] as const

  it.each(vectors)('by Wilson, of %i of %i', (successes, trials, [low, high]) => {
    const found = wilson(successes, trials)
    expect(found.low).toBeCloseTo(low, digits)
    expect(found.high).toBeCloseTo(high, digits)
  })

  it.each(vectors)('by Clopper and Pearson, of %i of %i', (successes, trials, _, [low, high]) => {
    const found = clopperPearson(successes, trials)
    expect(found.low).toBeCloseTo(low, digits)
    expect(found.high).toBeCloseTo(high, digits)
  })

  it('know nothing without a trial', () => {
    expect([wilson(0, 0), clopperPearson(0, 0)]).toEqual([
      { low: 0, high: 1 },
      { low: 0, high: 1 },
    ])
  })
})

describe('the one-sided bound', () => {
  it.each([
    [10, 10, 0.741134],
    [29, 29, 0.901855],
    [59, 59, 0.950492],
    [99, 100, 0.95344],
    [299, 299, 0.990031],
    [298, 299, 0.984233],
    [2990, 3000, 0.994352],
  ])('from below, of %i of %i', (successes, trials, expected) => {
    expect(lowerBound(successes, trials)).toBeCloseTo(expected, digits)
  })

  it('is the chance under which so many successes are just that unlikely', () => {
    for (const successes of [1, 30, 88, 93]) {
      expect(chanceOfAtLeast(successes, 93, lowerBound(successes, 93))).toBeCloseTo(0.05, digits)
    }
  })

  it('from above mirrors the one from below', () => {
    expect(upperBound(10, 93)).toBeCloseTo(1 - lowerBound(83, 93), 12)
    expect(upperBound(93, 93)).toBe(1)
  })
})

describe('the confidence sequence', () => {
  it.each([
    [100, 100, 0.926716, 1],
    [99, 100, 0.905203, 0.999995],
    [199, 200, 0.947926, 0.999999],
    [500, 500, 0.981744, 1],
    [990, 1000, 0.972058, 0.997925],
  ])('of %i of %i', (successes, trials, low, high) => {
    const found = confidenceSequence(successes, trials)
    expect(found.low).toBeCloseTo(low, digits)
    expect(found.high).toBeCloseTo(high, digits)
  })

  it('mirrors itself, and is wider than an interval for a fixed number of trials', () => {
    const [ours, theirs] = [confidenceSequence(30, 40), confidenceSequence(10, 40)]
    expect(ours.low).toBeCloseTo(1 - theirs.high, 12)
    expect(ours.high).toBeCloseTo(1 - theirs.low, 12)
    const exact = clopperPearson(30, 40)
    expect(ours.low).toBeLessThan(exact.low)
    expect(ours.high).toBeGreaterThan(exact.high)
  })

  it('knows nothing without a trial', () => {
    expect(confidenceSequence(0, 0)).toEqual({ low: 0, high: 1 })
    expect(confidenceSequence(0, 3).low).toBe(0)
  })
})

describe('the number of trials that show a reliability', () => {
  it.each([
    [0.9, 29],
    [0.95, 59],
    [0.98, 149],
    [0.99, 299],
    [0.995, 598],
    [0.999, 2995],
    [0.9999, 29_956],
    [0.999_999, 2_995_731],
  ])('of %f, none of them failing', (reliability, trials) => {
    expect(trialsToShow(reliability)).toBe(trials)
  })

  it.each([
    [0, 299],
    [1, 473],
    [2, 628],
    [3, 773],
  ])('of 0.99, %i of them failing', (failures, trials) => {
    expect(trialsToShow(0.99, failures)).toBe(trials)
  })
})

describe('pass^k', () => {
  it.each([
    [9, 10, [0.9, 0.8, 0.7, 0.6, 0.5]],
    [6, 8, [0.75, 0.535714, 0.357143, 0.214286, 0.107143]],
    [3, 10, [0.3, 0.066667, 0.008333, 0, 0]],
  ])('of %i of %i', (successes, trials, expected) => {
    for (const [index, chance] of expected.entries()) {
      expect(allOfThemSucceed(index + 1, successes, trials)).toBeCloseTo(chance, digits)
    }
  })

  it('is not defined for more trials than there were', () => {
    expect(allOfThemSucceed(5, 4, 4)).toBeNull()
  })
})

describe('pass@k', () => {
  it.each([
    [6, 8, [0.75, 0.964286, 1, 1, 1]],
    [3, 10, [0.3, 0.533333, 0.708333, 0.833333, 0.916667]],
  ])('of %i of %i', (successes, trials, expected) => {
    for (const [index, chance] of expected.entries()) {
      expect(oneOfThemSucceeds(index + 1, successes, trials)).toBeCloseTo(chance, digits)
    }
  })

  it('is certain where fewer than k trials failed, and not defined for more trials than there were', () => {
    expect(oneOfThemSucceeds(2, 9, 10)).toBe(1)
    expect(oneOfThemSucceeds(5, 4, 4)).toBeNull()
  })
})

describe('the band of a curve', () => {
  it.each([
    [50, 0.1921],
    [100, 0.1358],
    [300, 0.0784],
    [1000, 0.0429],
  ])('for %i trials', (trials, half) => {
    expect(bandHalfWidth(trials)).toBeCloseTo(half, 4)
  })

  it('is everything for one trial or none', () => {
    expect([bandHalfWidth(1), bandHalfWidth(0)]).toEqual([1, 1])
    expect([bandHalfWidthAtAnyStop(1), bandHalfWidthAtAnyStop(0)]).toEqual([1, 1])
  })

  it('is wider where the results settled the number of trials, by what is spent on all the other numbers', () => {
    for (const trials of [50, 100, 300, 1000]) {
      const [fixed, any] = [bandHalfWidth(trials), bandHalfWidthAtAnyStop(trials)]
      expect([trials, any > fixed, any < 2.5 * fixed]).toEqual([trials, true, true])
    }
    let spent = 0
    for (let trials = 1; trials <= 100_000; trials++) {
      const half = Math.sqrt(Math.log(((Math.PI * trials) ** 2 * 2) / 0.3) / (2 * trials))
      spent += 2 * Math.exp(-2 * trials * half ** 2)
    }
    expect(spent).toBeLessThanOrEqual(0.05)
    expect(spent).toBeGreaterThan(0.0499)
    expect(bandHalfWidthAtAnyStop(1000)).toBeCloseTo(Math.sqrt(Math.log((Math.PI * 1000) ** 2 / 0.15) / 2000), 12)
  })
})

describe('the error budget', () => {
  it('is overspent without being clamped', () => {
    const { allowed, consumed, interval } = errorBudget(0.95, 80, 100, wilson(80, 100))
    expect(allowed).toBeCloseTo(0.05)
    expect(consumed).toBeCloseTo(4)
    expect(interval.low).toBeCloseTo(wilson(20, 100).low / 0.05)
    expect(interval.high).toBeCloseTo(wilson(20, 100).high / 0.05)
  })

  it('is untouched where nothing failed, and may be all the same', () => {
    const { consumed, interval } = errorBudget(0.9, 29, 29, wilson(29, 29))
    expect(consumed).toBe(0)
    expect(interval.low).toBe(0)
    expect(interval.high).toBeGreaterThan(1)
  })

  it('is not known without a trial', () => {
    expect(errorBudget(0.9, 0, 0, wilson(0, 0))).toMatchObject({ consumed: null, left: null, burnRate: null })
  })

  it('has left what is not consumed, which may be less than nothing', () => {
    const { left, leftInterval, interval, consumed } = errorBudget(0.95, 80, 100, wilson(80, 100))
    expect(left).toBeCloseTo(-3)
    expect(left).toBe(1 - (consumed ?? 0))
    expect(leftInterval.low).toBeCloseTo(1 - interval.high, 12)
    expect(leftInterval.high).toBeCloseTo(1 - interval.low, 12)
  })

  it('takes the interval that it is given, after a stop that the results brought about', () => {
    const { interval } = errorBudget(0.95, 73, 73, confidenceSequence(73, 73))
    expect(interval.low).toBe(0)
    expect(interval.high).toBeCloseTo((1 - confidenceSequence(73, 73).low) / 0.05, 12)
  })

  it('burns at most as fast as where everything fails, so that some alerts are out of reach', () => {
    expect(errorBudget(0.95, 0, 10, wilson(0, 10))).toMatchObject({
      burnRate: 20,
      burnRateMax: 20,
      alertsOutOfReach: [],
    })
    // 14.4 needs a target above .9306, and 6 one above .8333.
    expect(errorBudget(0.931, 5, 10, wilson(5, 10)).alertsOutOfReach).toEqual([])
    expect(errorBudget(0.93, 5, 10, wilson(5, 10)).alertsOutOfReach).toEqual([14.4])
    expect(errorBudget(0.834, 5, 10, wilson(5, 10)).alertsOutOfReach).toEqual([14.4])
    expect(errorBudget(0.833, 5, 10, wilson(5, 10)).alertsOutOfReach).toEqual([14.4, 6])
  })
})

describe('a quantile', () => {
  it('is a value that was seen, the smallest that is enough', () => {
    const values = [5, 1, 4, 2, 3]
    expect([0, 0.2, 0.5, 0.95, 1].map((share) => quantile(values, share))).toEqual([1, 1, 3, 5, 5])
    expect(quantile([], 0.5)).toBeNull()
  })
})
