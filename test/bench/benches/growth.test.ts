/** How growth is told from what a start takes. */
import { describe, expect, it } from 'vitest'
import { slopeOf } from './growth.js'

const looks = (value: (x: number) => number) =>
  Array.from({ length: 101 }, (_, index) => [index / 100, value(index / 100)] as const)

describe('growth', () => {
  it('is what is held more at the end, by the pace of the last half', () => {
    expect(slopeOf(looks((x) => 80 + 40 * x))).toBeCloseTo(40)
  })

  it('is none where only the start took memory, however much', () => {
    expect(slopeOf(looks((x) => (x < 0.4 ? 500 * x : 200)))).toBeCloseTo(0)
  })

  it('is not known of a run that was over before the second look', () => {
    expect(slopeOf([[0.9, 80]])).toBeNaN()
  })
})
