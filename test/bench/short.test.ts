/** When a ratio fails the build, and that the committed ones are ratios. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../support/cli/command.js'
import { commitRatio, compareNames, judgeRatio, type Ratios } from './short.js'

const committed = { ratio: 2, noise: 0.25 }

describe('a ratio', () => {
  it.each([
    [2, 'within'],
    [2.5, 'within'],
    [1.6, 'within'],
    [2.51, 'worse'],
    [1.59, 'better'],
    [Number.NaN, 'worse'],
  ])('of %d where 2 is committed, with a quarter of noise, is %s', (ratio, verdict) => {
    expect(judgeRatio(ratio, committed)).toBe(verdict)
  })

  it('must be measured where it is committed, and committed where it is measured', () => {
    expect(compareNames(['a', 'b'], { b: committed, c: committed })).toEqual([
      'a has no committed ratio',
      'c is committed, and not measured',
    ])
    expect(compareNames(['b'], { b: committed })).toEqual([])
  })

  it('is committed by its median, and with room above what was seen', () => {
    expect(commitRatio([2, 2.4, 1.9])).toEqual({ ratio: 2, noise: 0.45 })
    expect(judgeRatio(2.4, commitRatio([2, 2.4, 1.9]))).toBe('within')
  })

  it('stands in its file with its noise', () => {
    const all = Object.values(JSON.parse(readFileSync(join(root, 'test/bench/ratios.json'), 'utf8')) as Ratios)
    expect(all.length).toBeGreaterThan(0)
    for (const { ratio, noise } of all) {
      expect(ratio).toBeGreaterThan(0)
      expect(noise).toBeGreaterThan(0)
      expect(noise).toBeLessThan(1)
    }
  })
})
