/** Proves that the gate of fixed size tells a good agent from a bad one with the risks that it states. */
import { describe, expect, it } from 'vitest'
import { chanceOfAtLeast } from '../../../harness/measure/distributions.js'
import { fixedDesign, judgeFixed, pValueOfFixed } from '../../../harness/measure/fixed.js'

const designs = [
  [0.95, 0.99, 181, 176],
  [0.85, 0.95, 93, 84],
  [0.9, 0.98, 89, 84],
  [0.99, 0.999, 628, 625],
] as const

describe('the design of a gate of fixed size', () => {
  it.each(designs)('that tells %f from %f takes %i trials, of which more than %i succeed', (reliability, aim, n, c) => {
    expect(fixedDesign({ reliability, aim }, 2000)).toEqual({ trials: n, failuresMax: n - c - 1 })
  })

  it.each(designs)('of %f and %f is the smallest that keeps both risks', (reliability, aim, n) => {
    for (let trials = 1; trials <= n; trials++) {
      let least = trials
      while (least > 0 && chanceOfAtLeast(least - 1, trials, reliability) <= 0.05) least--
      const isSafe = chanceOfAtLeast(least, trials, reliability) <= 0.05
      const isFair = chanceOfAtLeast(least, trials, aim) >= 0.95
      expect([trials, isSafe && isFair]).toEqual([trials, trials === n])
    }
  })

  it('is the number of trials alone where these are not allowed', () => {
    expect(fixedDesign({ reliability: 0.95, aim: 0.99 }, 180)).toBe(181)
    expect(fixedDesign({ reliability: 0.99, aim: 0.999 }, 100)).toBe(628)
  })

  it('tells a number that is near enough where counting would take for ever', () => {
    // (1.645 · 2 · 0.5 / 1e-6)², by the normal approximation.
    expect(fixedDesign({ reliability: 0.5, aim: 0.500001 }, 2000)).toBe(2.8e12)
  })
})

describe('the verdict of a gate of fixed size', () => {
  it.each(designs)(
    'for %f and %f is met where more than the threshold succeed, and nowhere else',
    (reliability, _, n, c) => {
      for (let successes = 0; successes <= n; successes++) {
        expect([successes, judgeFixed(reliability, successes, n) === 'met']).toEqual([successes, successes > c])
      }
    },
  )

  it('is missed only where the reliability is ruled out, and is open in between', () => {
    const verdicts = Array.from({ length: 182 }, (_, successes) => judgeFixed(0.95, successes, 181))
    const worstOpen = verdicts.indexOf('open')
    expect(new Set(verdicts.slice(0, worstOpen))).toEqual(new Set(['missed']))
    expect(new Set(verdicts.slice(worstOpen, 177))).toEqual(new Set(['open']))
    // So few successes come to an agent that is just reliable enough with a chance of less than 5 %.
    expect(1 - chanceOfAtLeast(worstOpen, 181, 0.95)).toBeLessThan(0.05)
    expect(1 - chanceOfAtLeast(worstOpen + 1, 181, 0.95)).toBeGreaterThanOrEqual(0.05)
  })

  it('is missed just where its p-value is below 5 %', () => {
    for (let successes = 0; successes <= 181; successes++) {
      const missed = judgeFixed(0.95, successes, 181) === 'missed'
      expect([successes, pValueOfFixed(0.95, successes, 181) < 0.05]).toEqual([successes, missed])
    }
  })

  it('says nothing without a trial', () => {
    expect(judgeFixed(0.95, 0, 0)).toBe('open')
  })
})
