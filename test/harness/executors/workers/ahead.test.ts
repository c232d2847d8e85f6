/** How many trials may run again where a parent is killed: a bound, whatever the machine. */
import { describe, expect, it } from 'vitest'
import { aheadMost } from '../../../../harness/executors/workers/ahead.js'

const asked = { trials: 1_000, left: 1_000, workers: 2, isolate: false }

describe('how far workers may be ahead', () => {
  it('is eight trials each, where so many are asked for that these are few', () => {
    expect(aheadMost(asked)).toBe(8)
  })

  it.each([40, 100, 420, 1_000, 10_000])(
    'is a twentieth of %i trials at the most, by as many workers as they are worth',
    (trials) => {
      for (let workers = 1; workers <= Math.ceil(trials / 40); workers++) {
        const open = workers * aheadMost({ ...asked, trials, left: trials, workers })
        expect(open).toBeLessThanOrEqual(Math.max(trials / 20, 2 * workers))
        expect(open).toBeGreaterThanOrEqual(workers)
      }
    },
  )

  it('is two each, or what is left for each, where there are many workers', () => {
    expect(aheadMost({ ...asked, workers: 100 })).toBe(2)
    expect(aheadMost({ ...asked, workers: 100, left: 90 })).toBe(1)
    expect(aheadMost({ ...asked, left: 5 })).toBe(3)
  })

  it('is one where each trial has a process of its own', () => {
    expect(aheadMost({ ...asked, isolate: true })).toBe(1)
  })
})
