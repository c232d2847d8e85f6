/**
 * Proves what the sequential gate promises: that each of its answers is wrong as rarely as it says however often one
 * looks, that it takes far fewer trials than a fixed number, and that what is computed of it beforehand is what simulated
 * agents meet.
 */
import { describe, expect, it } from 'vitest'
import { chanceOfAtLeast } from '../../../harness/measure/distributions.js'
import {
  characteristicOf,
  evidenceOf,
  meanTrials,
  stepsOf,
  villeThresholds,
} from '../../../harness/measure/likelihood.js'
import { evidenceAbove, evidenceBelow } from '../../../harness/measure/mixture.js'
import {
  atStart,
  endOf,
  fewestToMeet,
  rulesOf,
  step,
  thresholdsOf,
  trialsOnAverage,
  trialsThatTell,
  type Walk,
} from '../../../harness/measure/sequential.js'
import { confidenceSequence, wilson } from '../../../harness/measure/statistics.js'
import { agentOf, questions, simulateCrossing, simulateGate } from '../../support/measure/simulated.js'

const ville = villeThresholds(0.05, 0.05)
const common = { aim: 0.99, reliability: 0.95 }
const runs = 4_000

describe('the evidence', () => {
  it('is the logarithm of the ratio of the likelihoods', () => {
    const likelihood = (chance: number) => 47 * Math.log(chance) + 3 * Math.log(1 - chance)
    expect(evidenceOf(stepsOf(common), 47, 3)).toBeCloseTo(likelihood(0.95) - likelihood(0.99), 12)
  })

  it('crosses the thresholds that hold whatever the steps at 3 in 20: ln 20 and -ln 20', () => {
    expect(ville.rulesOut).toBeCloseTo(Math.log(20), 12)
    expect(ville.meets).toBeCloseTo(-Math.log(20), 12)
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

  it('it may be met after 73 trials, and for each failure after 39 more', () => {
    const rules = rulesOf(common, 1)
    const after = (failures: number) => ({ ...atStart, failures, met: -failures * rules.steps.failure })
    expect(fewestToMeet(rules, atStart)).toBe(73)
    const left = [0, 1, 2, 3].map((failures) => fewestToMeet(rules, after(failures)))
    expect(left.map((trials, index) => trials - (left[index - 1] ?? trials)).slice(1)).toEqual([39, 39, 39])
  })

  it.each([
    [0.995, 0.996, 91],
    [0.99, 0.971, 115],
    [0.97, 0.348, 150],
    [0.95, 0.046, 78],
    [0.93, 0.009, 49],
  ])('an agent of %f meets it with a chance of %f, after %i trials on average', (chance, meets, trials) => {
    const known = characteristicOf(common, ville, chance)
    expect(Math.abs(known.meets - meets)).toBeLessThan(0.008)
    expect(Math.abs(known.trialsMean - trials)).toBeLessThan(2.5)
    expect(known.meets + known.rulesOut + known.undecided).toBeCloseTo(1, 9)
  })

  it('cut at 200 trials, a good agent meets it in nine of ten runs, and in 7 % it is open', () => {
    const cut = characteristicOf(common, ville, 0.99, 200)
    expect(Math.abs(cut.meets - 0.906)).toBeLessThan(0.008)
    expect(Math.abs(cut.undecided - 0.07)).toBeLessThan(0.008)
  })

  it('is exact: the chance of the one walk that meets it at once, and of the shortest that rules the aim out', () => {
    const once = characteristicOf(common, ville, 0.99, 73)
    expect(once.meets).toBeCloseTo(0.99 ** 73, 12)
    expect(characteristicOf(common, ville, 0.95, 2).rulesOut).toBeCloseTo(0.05 ** 2, 12)
  })

  it('agrees with simulated agents', () => {
    for (const chance of [0.99, 0.97, 0.95]) {
      const known = characteristicOf(common, ville, chance, 300)
      const seen = simulateCrossing(common, ville, agentOf(chance, `agrees ${chance}`), { runs, trialsMax: 300 })
      // Four standard deviations.
      expect(Math.abs(seen.meets - known.meets)).toBeLessThan(2 / Math.sqrt(runs))
      expect(Math.abs(seen.undecided - known.undecided)).toBeLessThan(2 / Math.sqrt(runs))
      expect(Math.abs(seen.trialsMean / known.trialsMean - 1)).toBeLessThan(0.05)
    }
  })
})

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

describe.each(questions)('on the way from %f to %f,', (aim, reliability, fixed) => {
  const question = { aim, reliability }
  const thresholds = thresholdsOf(question)
  const [known, knownBad] = [aim, reliability].map((chance) => characteristicOf(question, thresholds, chance))

  it('an agent as good as the aim is taken for worse with 5 % at most, and one as good as the least meets it so', () => {
    expect(known?.rulesOut).toBeLessThanOrEqual(0.05)
    expect(knownBad?.meets).toBeLessThanOrEqual(0.05)
  })

  it(`it takes far fewer than the ${fixed} trials of a fixed number`, () => {
    for (const mean of [known?.trialsMean, knownBad?.trialsMean]) expect(mean).toBeLessThanOrEqual(0.65 * fixed)
  })

  it('it keeps the risks for agents that are better, or worse, than those', () => {
    const better = characteristicOf(question, thresholds, aim + (1 - aim) / 2)
    const worse = characteristicOf(question, thresholds, reliability - (1 - reliability) / 2)
    expect(better.rulesOut).toBeLessThan(known?.rulesOut ?? 0)
    expect(worse.meets).toBeLessThan(knownBad?.meets ?? 0)
  })

  it('it rules the aim out no later than with a threshold that holds whatever the steps', () => {
    expect(thresholds.meets).toBe(ville.meets)
    expect(thresholds.rulesOut).toBeLessThan(ville.rulesOut)
    const lower = characteristicOf(question, { ...thresholds, rulesOut: thresholds.rulesOut - 0.01 }, aim)
    expect(lower.rulesOut).toBeGreaterThanOrEqual(known?.rulesOut ?? 1)
  })

  it('it is known what a good agent takes on average', () => {
    expect(trialsOnAverage(question)).toBe(Math.ceil(known?.trialsMean ?? 0))
  })
})

/** Four standard deviations of a share of 0.05 in so many runs. */
const luckIn = (runs: number) => 4 * Math.sqrt((0.05 * 0.95) / runs)

describe('the default gate, which asks for 0.95, with the 2000 trials that it is allowed,', () => {
  const runs = 1_000
  const of = (chance: number, gates = 1) =>
    simulateGate(common, agentOf(chance, `default ${chance}`), { runs, trialsMax: 2000, gates })
  const [good, between, just, worse, bad] = [0.99, 0.97, 0.95, 0.92, 0.9].map((chance) => of(chance))

  for (const [chance, seen] of [
    [0.99, good],
    [0.97, between],
    [0.95, just],
    [0.92, worse],
    [0.9, bad],
  ] as const) {
    console.log(
      `an agent of ${chance} where 0.95 is asked for, ${runs} runs: met ${percent(seen?.met ?? 0)}, missed ` +
        `${percent(seen?.missed ?? 0)}, not shown ${percent(seen?.notShown ?? 0)}, 0.99 ruled out ` +
        `${percent(seen?.ruledOut ?? 0)}, after ${seen?.trialsMean.toFixed(0)} trials`,
    )
  }

  it('misses no agent of 0.97 beyond the 5 % that it states, but tells it as met or as not shown', () => {
    expect(between?.missed).toBeLessThanOrEqual(0.05)
    expect(between?.met).toBeGreaterThan(0.75)
  })

  it('misses and meets an agent that is just as good as was asked in 5 % at most each, and shows neither else', () => {
    expect(just?.missed).toBeLessThanOrEqual(0.05 + luckIn(runs))
    expect(just?.met).toBeLessThanOrEqual(0.05 + luckIn(runs))
    expect(just?.notShown).toBeGreaterThan(0.85)
  })

  it('meets an agent as good as the aim, whose aim is ruled out in 5 % at most', () => {
    expect(good?.met).toBeGreaterThan(0.99)
    expect(good?.ruledOut).toBeLessThanOrEqual(0.05 + luckIn(runs))
  })

  it('misses agents that are worse than was asked, and the sooner the worse they are', () => {
    expect(worse?.missed).toBeGreaterThan(0.9)
    expect(bad?.missed).toBeGreaterThan(0.99)
    expect(bad?.trialsMean).toBeLessThan((worse?.trialsMean ?? 0) / 2)
    expect(Math.max(worse?.met ?? 1, bad?.met ?? 1)).toBeLessThanOrEqual(0.05)
  })

  it('misses the fewer wrongly the more gates share that risk', () => {
    expect(of(0.95, 20).missed).toBeLessThanOrEqual(0.0025 + luckIn(runs))
    expect(of(0.9, 20).missed).toBeGreaterThan(0.9)
  })
})

describe.each(questions)('the gate that is asked for %f and %f', (aim, reliability) => {
  const question = { aim, reliability }
  const few = { runs: 500, trialsMax: 1_000 }
  const allowed = 0.05 + luckIn(500)

  it('keeps the risk of each answer, looked at after every trial', () => {
    const atLeast = simulateGate(question, agentOf(reliability, `least ${reliability}`), few)
    const atAim = simulateGate(question, agentOf(aim, `aim ${aim}`), few)
    expect([atLeast.met <= allowed, atLeast.missed <= allowed, atAim.ruledOut <= allowed]).toEqual([true, true, true])
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
    const { walks } = simulateGate(common, agentOf(0.9, 'narrow'), { runs: 1_000, trialsMax: 2_000 })
    const covered = walks.filter(({ successes, failures }) => {
      const { low, high } = wilson(successes, successes + failures)
      return low <= 0.9 && 0.9 <= high
    })
    expect(covered.length / walks.length).toBeLessThan(0.9)
  })
})

describe('the evidence about the least alone', () => {
  it('is what the confidence sequence goes by: missed where all of that lies below', () => {
    for (const [successes, failures] of [
      [0, 2],
      [9, 2],
      [45, 5],
      [85, 15],
      [180, 20],
      [1860, 140],
      [1900, 100],
    ] as const) {
      const isBelow = confidenceSequence(successes, successes + failures).high < 0.95
      expect([successes, evidenceBelow(0.95, successes, failures) >= Math.log(20)]).toEqual([successes, isBelow])
    }
  })

  it('is a bet that is fair for the least: on average it neither wins nor loses', () => {
    for (const least of [0.5, 0.95]) {
      // After 40 trials, over all numbers of failures with the chance of each.
      let chance = least ** 40
      let mean = 0
      for (let failures = 0; failures <= 40; failures++) {
        mean += chance * Math.exp(evidenceAbove(least, 40 - failures, failures))
        chance *= (((40 - failures) / (failures + 1)) * (1 - least)) / least
      }
      expect(mean).toBeCloseTo(1, 6)
    }
  })

  it('is nothing for less where the trials do not look worse', () => {
    expect([evidenceBelow(0.95, 0, 0), evidenceBelow(0.95, 95, 5), evidenceBelow(0.95, 100, 0)]).toEqual([0, 0, 0])
  })
})

describe('the number of trials that would tell', () => {
  const rules = rulesOf(common, 1)
  const walkOf = (successes: number, failures: number): Walk => {
    const every = Math.round((successes + failures) / failures)
    const trials = Array.from({ length: successes + failures }, (_, index) => index % every !== every - 1)
    return trials.reduce((walk, succeeded) => step(rules, walk, succeeded), atStart)
  }

  it('tells, where the agent goes on as it did: what is met then is met, and what is missed is missed', () => {
    for (const [successes, failures, end] of [
      [291, 9, 'met'],
      [368, 32, 'missed'],
    ] as const) {
      const walk = walkOf(successes, failures)
      expect(endOf(rules, walk)).toBe('open')
      const trials = trialsThatTell(rules, walk) ?? 0
      expect(trials).toBeGreaterThan(successes + failures)
      const times = trials / (successes + failures)
      expect(endOf(rules, walkOf(Math.ceil(successes * times), Math.ceil(failures * times)))).toBe(end)
    }
  })

  it('is none where the agent did just as well as was asked, or nothing was run', () => {
    expect(trialsThatTell(rules, walkOf(190, 10))).toBeNull()
    expect(trialsThatTell(rules, atStart)).toBeNull()
  })
})

describe('thresholds that would take for ever to calculate', () => {
  it('are those of any supermartingale, where walks are long and where failures weigh little', () => {
    const rare = { aim: 0.999999, reliability: 0.99999 }
    expect(thresholdsOf(rare)).toEqual(ville)
    expect(trialsOnAverage(rare)).toBe(Math.ceil(meanTrials(rare, 0.05, 0.05)[0]))
    const close = { aim: 0.51, reliability: 0.5 }
    expect(thresholdsOf(close)).toEqual(ville)
    expect(trialsOnAverage(close)).toBeGreaterThan(10_000)
  })
})

describe('a walk', () => {
  const rules = rulesOf(common, 1)
  const walkThrough = (...succeeded: boolean[]) => succeeded.reduce((walk, each) => step(rules, walk, each), atStart)

  it('remembers the most that there ever was against the agent', () => {
    const walk = walkThrough(true, false, true, true, true)
    expect(walk).toMatchObject({ successes: 4, failures: 1, ruledOut: null })
    expect(walk.missed).toBeCloseTo(evidenceBelow(0.95, 1, 1), 12)
    expect(walk.met).toBeCloseTo(-evidenceOf(rules.steps, 4, 1), 12)
    expect(endOf(rules, walk)).toBe('open')
  })

  it('that has ruled the aim out goes on with what its stake has left, and may still be met', () => {
    const out = walkThrough(...Array.from({ length: 15 }, () => true), false, false)
    expect(out.ruledOut).toEqual({ successes: 15, failures: 2 })
    expect(endOf(rules, out)).toBe('open')
    const left = -evidenceOf(rules.steps, 15, 2)
    const further = step(rules, out, true)
    expect(further.met).toBeCloseTo(left + evidenceAbove(0.95, 1, 0), 12)
    expect(
      endOf(
        rules,
        walkThrough(
          ...Array.from({ length: 15 }, () => true),
          false,
          false,
          ...Array.from({ length: 400 }, () => true),
        ),
      ),
    ).toBe('met')
  })
})
