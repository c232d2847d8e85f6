/** The registry of exit codes, and which one wins. */
import { describe, expect, it } from 'vitest'
import { exitMeanings, exits, mostSevere } from '../../../../harness/cli/output/exit.js'

describe('exit codes', () => {
  it('keep their numbers', () => {
    expect(exits).toEqual({ passed: 0, violated: 1, usage: 2, inconclusive: 3, bug: 70, interrupted: 130 })
  })

  it('are all explained', () => {
    expect(exitMeanings.map(([code]) => code)).toEqual(Object.values(exits))
  })

  it.each([
    [0, 3, 3],
    [3, 2, 2],
    [2, 70, 70],
    [70, 1, 1],
    [1, 0, 1],
    [130, 2, 130],
  ] as const)('of %i and %i is %i', (left, right, expected) => {
    expect(mostSevere(left, right)).toBe(expected)
    expect(mostSevere(right, left)).toBe(expected)
  })
})
