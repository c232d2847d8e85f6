/** How sides are compared: within rounds, by medians. */
import { describe, expect, it } from 'vitest'
import type { Cost, Side } from './cost.js'
import { compareSides, quantile, summarize } from './rounds.js'

const round = (floor: number, trial: number): ReadonlyMap<string, Cost> =>
  new Map([
    ['floor', { wall: floor, cpu: floor }],
    ['trial', { wall: trial, cpu: trial }],
  ])

describe('sides', () => {
  it('are compared within a round, so that a slow one meets both', () => {
    const [floor, trial] = summarize(['floor', 'trial'], [round(1, 2), round(10, 20), round(100, 200)])
    expect(floor).toMatchObject({ name: 'floor', ratio: { wall: 1, cpu: 1 } })
    expect(trial).toMatchObject({ cost: { wall: 20, cpu: 20 }, ratio: { wall: 2, cpu: 2 }, undisturbed: 2 })
  })

  it('come to the median, whatever one round came to', () => {
    const [, trial] = summarize(['floor', 'trial'], [round(1, 3), round(1, 3), round(1, 900)])
    expect(trial?.ratio.cpu).toBe(3)
  })

  it('have an undisturbed ratio, which rounds that were disturbed do not change', () => {
    const quiet = Array.from({ length: 4 }, () => round(1, 3))
    const disturbed = Array.from({ length: 6 }, (_, index) => round(4 + index, 5))
    const [, trial] = summarize(['floor', 'trial'], [...quiet, ...disturbed])
    expect(trial?.undisturbed).toBe(3)
    expect(trial?.ratio.cpu).toBeLessThan(2)
  })

  it('take turns at being first, once they are warm', async () => {
    const asked: string[] = []
    const sideOf = (name: string, cpu: number): Side => ({
      name,
      run: async (times) => {
        asked.push(`${name} ${times}`)
        return { wall: cpu, cpu }
      },
    })
    const [, slow] = await compareSides([sideOf('floor', 1), sideOf('slow', 4)], { warmUp: 9, rounds: 2, times: 3 })
    expect(asked).toEqual(['floor 9', 'slow 9', 'floor 3', 'slow 3', 'slow 3', 'floor 3'])
    expect(slow?.ratio.cpu).toBe(4)
  })
})

describe('a quantile', () => {
  it('lies between the values next to it', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2)
    expect(quantile([], 0.5)).toBeNaN()
  })
})
