/**
 * Proves what the sequential gate promises: that it keeps both risks however often one looks, that it takes far fewer
 * trials than a fixed number, and that what is computed of it beforehand is what simulated agents meet.
 */
import { describe, expect, it } from 'vitest'
import { chanceOfAtLeast } from '../../../harness/measure/distributions.js'
import {
  characteristicOf,
  evidenceOf,
  fewestToPass,
  meanTrials,
  stepsOf,
  villeThresholds,
} from '../../../harness/measure/likelihood.js'
import { atStart, endOf, pValueOf, step, thresholdsOf, trialsOnAverage } from '../../../harness/measure/sequential.js'
import { wilson } from '../../../harness/measure/statistics.js'
import { agentOf, questions, simulateGate } from '../../support/measure/simulated.js'

const ville = villeThresholds(0.05, 0.05)
const common = { aim: 0.99, reliability: 0.95 }
const runs = 4_000

describe('the evidence', () => {
  it('is the logarithm of the ratio of the likelihoods', () => {
    const likelihood = (chance: number) => 47 * Math.log(chance) + 3 * Math.log(1 - chance)
    expect(evidenceOf(stepsOf(common), 47, 3)).toBeCloseTo(likelihood(0.95) - likelihood(0.99), 12)
  })

  it('crosses the thresholds that hold whatever the steps at 3 in 20: ln 20 and -ln 20', () => {
    expect(ville.fails).toBeCloseTo(Math.log(20), 12)
    expect(ville.passes).toBeCloseTo(-Math.log(20), 12)
  })
})

describe('what is known of the gate before a trial is run', () => {
  it.each([
    [0.99, 0.95, 107.1, 64.2],
    [0.95, 0.85, 52.2, 37.7],
    [0.98, 0.9, 51.7, 31.4],
    [0.999, 0.99, 393, 188],
  ])('that tells %f from %f: the mean number of trials by Wald, at either', (aim, reliability, atAim, atLeast) => {
    const [good, bad] = meanTrials({ aim, reliability }, 0.05, 0.05)
    expect(good).toBeCloseTo(atAim, atAim > 200 ? 0 : 1)
    expect(bad).toBeCloseTo(atLeast, atAim > 200 ? 0 : 1)
  })

  it.each([
    [0.99, 0.95, 72],
    [0.95, 0.85, 27],
    [0.98, 0.9, 35],
    [0.999, 0.99, 326],
  ])('that tells %f from %f: it may pass after %i trials with thresholds by Wald', (aim, reliability, trials) => {
    const wald = { fails: Math.log(19), passes: -Math.log(19) }
    expect(fewestToPass({ aim, reliability }, wald)).toBe(trials)
  })

  it('it may pass after 73 trials with its own, and for each failure after 39 or 40 more', () => {
    const thresholds = thresholdsOf(common, 0.05)
    expect(fewestToPass(common, thresholds)).toBe(73)
    const left = [0, 1, 2, 3].map((failures) => fewestToPass(common, thresholds, 0, failures))
    expect(left.map((trials, index) => trials - (left[index - 1] ?? trials)).slice(1)).toEqual([39, 39, 39])
  })

  it.each([
    [0.995, 0.996, 91],
    [0.99, 0.971, 115],
    [0.97, 0.348, 150],
    [0.95, 0.046, 78],
    [0.93, 0.009, 49],
  ])('an agent of %f passes with a chance of %f, after %i trials on average', (chance, passes, trials) => {
    const known = characteristicOf(common, ville, chance)
    expect(Math.abs(known.passes - passes)).toBeLessThan(0.008)
    expect(Math.abs(known.trialsMean - trials)).toBeLessThan(2.5)
    expect(known.passes + known.fails + known.undecided).toBeCloseTo(1, 9)
  })

  it('cut at 200 trials, a good agent passes in nine of ten runs, and in 7 % there is no verdict', () => {
    const cut = characteristicOf(common, ville, 0.99, 200)
    expect(Math.abs(cut.passes - 0.906)).toBeLessThan(0.008)
    expect(Math.abs(cut.undecided - 0.07)).toBeLessThan(0.008)
  })

  it('is exact: the chance of the one walk that passes at once, and of the shortest that fails', () => {
    const once = characteristicOf(common, ville, 0.99, 73)
    expect(once.passes).toBeCloseTo(0.99 ** 73, 12)
    expect(characteristicOf(common, ville, 0.95, 2).fails).toBeCloseTo(0.05 ** 2, 12)
  })

  it('agrees with simulated agents', () => {
    for (const chance of [0.99, 0.97, 0.95]) {
      const known = characteristicOf(common, ville, chance, 300)
      const seen = simulateGate(common, ville, agentOf(chance, `agrees ${chance}`), { runs, trialsMax: 300 })
      // Four standard deviations.
      expect(Math.abs(seen.passes - known.passes)).toBeLessThan(2 / Math.sqrt(runs))
      expect(Math.abs(seen.undecided - known.undecided)).toBeLessThan(2 / Math.sqrt(runs))
      expect(Math.abs(seen.trialsMean / known.trialsMean - 1)).toBeLessThan(0.05)
    }
  })
})

describe.each(questions)('the gate that tells %f from %f', (aim, reliability, fixed) => {
  const question = { aim, reliability }
  const thresholds = thresholdsOf(question, 0.05)
  const atAim = simulateGate(question, thresholds, agentOf(aim, `aim ${aim}`), { runs })
  const atLeast = simulateGate(question, thresholds, agentOf(reliability, `least ${reliability}`), { runs })
  const [known, knownBad] = [aim, reliability].map((chance) => characteristicOf(question, thresholds, chance))
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`

  const means = [atAim, atLeast].map(({ trialsMean }) => `${trialsMean.toFixed(0)} trials`)
  console.log(
    `${aim} from ${reliability}, ${runs} runs: of the good agent ${percent(atAim.fails)} fail (exactly ` +
      `${percent(known?.fails ?? 1)}) after ${means[0]}, of the bad one ${percent(atLeast.passes)} pass (exactly ` +
      `${percent(knownBad?.passes ?? 1)}) after ${means[1]}, where a fixed number takes ${fixed}`,
  )

  it(`fails an agent as good as the aim in ${percent(atAim.fails)} of ${runs} runs, where 5 % are allowed`, () => {
    expect(known?.fails).toBeLessThanOrEqual(0.05)
    expect(atAim.fails).toBeLessThanOrEqual(0.055)
    expect(Math.abs(atAim.fails - (known?.fails ?? 1))).toBeLessThan(0.015)
  })

  it(`passes an agent that is not good enough in ${percent(atLeast.passes)} of them, where 5 % are allowed`, () => {
    expect(knownBad?.passes).toBeLessThanOrEqual(0.05)
    expect(atLeast.passes).toBeLessThanOrEqual(0.055)
    expect(Math.abs(atLeast.passes - (knownBad?.passes ?? 1))).toBeLessThan(0.015)
  })

  it(`takes ${atAim.trialsMean.toFixed(0)} and ${atLeast.trialsMean.toFixed(0)} trials, where a fixed number takes ${fixed}`, () => {
    for (const mean of [known?.trialsMean, knownBad?.trialsMean, atAim.trialsMean, atLeast.trialsMean]) {
      expect(mean).toBeLessThanOrEqual(0.65 * fixed)
    }
  })

  it('keeps the risks for agents that are better, or worse, than those', () => {
    const better = characteristicOf(question, thresholds, aim + (1 - aim) / 2)
    const worse = characteristicOf(question, thresholds, reliability - (1 - reliability) / 2)
    expect(better.fails).toBeLessThan(known?.fails ?? 0)
    expect(worse.passes).toBeLessThan(knownBad?.passes ?? 0)
  })

  it('fails no later than with a threshold that holds whatever the steps, and passes at the same one', () => {
    expect(thresholds.passes).toBe(ville.passes)
    expect(thresholds.fails).toBeLessThan(ville.fails)
    const lower = characteristicOf(question, { ...thresholds, fails: thresholds.fails - 0.01 }, aim)
    expect(lower.fails).toBeGreaterThanOrEqual(known?.fails ?? 1)
  })

  it('knows what a good agent takes on average', () => {
    expect(trialsOnAverage(question)).toBe(Math.ceil(known?.trialsMean ?? 0))
  })
})

describe('what goes wrong otherwise', () => {
  it('a bound for a fixed number, looked at after each of 300 trials, fails a good agent in a fifth of all runs', () => {
    const chance = 0.95
    let failed = 0
    // The chance of each number of failures, among runs that have not failed yet.
    let open = [1]
    for (let trials = 1; trials <= 300; trials++) {
      const next = Array.from(
        { length: open.length + 1 },
        (_, failures) => (open[failures] ?? 0) * chance + (open[failures - 1] ?? 0) * (1 - chance),
      )
      open = next.map((weight, failures) => {
        const looksBad = chanceOfAtLeast(failures, trials, 1 - chance) <= 0.05
        if (looksBad) failed += weight
        return looksBad ? 0 : weight
      })
    }
    expect(Math.abs(failed - 0.207)).toBeLessThan(0.01)
  })

  it('a share of 0.95 in 20 trials passes an agent of 0.9 with a chance of 0.392', () => {
    expect(chanceOfAtLeast(19, 20, 0.9)).toBeCloseTo(0.392, 3)
  })

  it('an interval for a fixed number is too narrow after a stop that the results brought about', () => {
    const { walks } = simulateGate(common, thresholdsOf(common, 0.05), agentOf(0.97, 'narrow'), { runs: 2_000 })
    const covered = walks.filter(({ successes, failures }) => {
      const { low, high } = wilson(successes, successes + failures)
      return low <= 0.97 && 0.97 <= high
    })
    expect(covered.length / walks.length).toBeLessThan(0.93)
  })
})

describe('a p-value', () => {
  it('is 1 without evidence, and falls as the evidence grows', () => {
    const values = [0, 0.5, 1, 2, 3, 4].map((peak) => pValueOf(common, peak))
    expect(values[0]).toBe(1)
    for (const [index, value] of values.entries())
      if (index > 0) expect(value).toBeLessThanOrEqual(values[index - 1] ?? 0)
  })

  it('is never more than what holds for any supermartingale, and far less where a failure leaps over the threshold', () => {
    for (const [aim, reliability] of questions) {
      for (const peak of [1, 2.5, 3, 4.5]) {
        expect(pValueOf({ aim, reliability }, peak)).toBeLessThanOrEqual(Math.exp(-peak) + 1e-12)
      }
    }
  })

  it('is at most 5 % just where the gate fails, and as rare among good agents as it says', () => {
    const thresholds = thresholdsOf(common, 0.05)
    expect(pValueOf(common, thresholds.fails)).toBeLessThanOrEqual(0.05)
    const { walks } = simulateGate(common, thresholdsOf(common, 0.001), agentOf(0.99, 'p-values'), { runs })
    const values = new Map([...new Set(walks.map(({ peak }) => peak))].map((peak) => [peak, pValueOf(common, peak)]))
    for (const level of [0.01, 0.025, 0.05]) {
      const rare = walks.filter(({ peak }) => (values.get(peak) ?? 0) <= level).length / runs
      expect([level, rare <= level + 0.008]).toEqual([level, true])
    }
  })

  it('is that of any supermartingale where walks are so long that none is calculated', () => {
    const rare = { aim: 0.999999, reliability: 0.99999 }
    expect(pValueOf(rare, 2)).toBeCloseTo(Math.exp(-2), 12)
    expect(thresholdsOf(rare, 0.05)).toEqual(ville)
    expect(trialsOnAverage(rare)).toBe(Math.ceil(meanTrials(rare, 0.05, 0.05)[0]))
  })

  it('is that of any supermartingale where failures weigh little, and no threshold is calculated', () => {
    const close = { aim: 0.51, reliability: 0.5 }
    expect(pValueOf(close, 2)).toBeCloseTo(Math.exp(-2), 12)
    expect(thresholdsOf(close, 0.05)).toEqual(ville)
    expect(trialsOnAverage(close)).toBeGreaterThan(10_000)
  })
})

describe('a walk', () => {
  it('remembers the most that there ever was against the agent', () => {
    const steps = stepsOf(common)
    const walk = [true, false, true, true, true].reduce((so, success) => step(so, steps, success), atStart)
    expect(walk).toMatchObject({ successes: 4, failures: 1 })
    expect(walk.peak).toBeCloseTo(steps.success + steps.failure, 12)
    expect(walk.evidence).toBeCloseTo(4 * steps.success + steps.failure, 12)
    expect(endOf(walk, ville)).toBe('open')
  })
})
