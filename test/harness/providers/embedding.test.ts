/** Proves that texts as vectors are the same each time, of length 1, and alike where the texts are. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { embed } from '../../../harness/providers/embedding.js'

const dot = (left: readonly number[], right: readonly number[]) =>
  left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0)
const likeness = (left: string, right: string, dimensions = 768) =>
  dot(embed(left, dimensions), embed(right, dimensions))

describe('the vector of a text', () => {
  it('has as many dimensions as are asked for, length 1, and is the same each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 64 }), (text, dimensions) => {
        const vector = embed(text, dimensions)
        expect(vector).toHaveLength(dimensions)
        expect(dot(vector, vector)).toBeCloseTo(1, 5)
        expect(embed(text, dimensions)).toEqual(vector)
      }),
    )
  })

  it('never changes: what is stored today is found tomorrow', () => {
    expect(embed('Refund order 42.', 8)).toMatchInlineSnapshot(`
      [
        -0.48507125,
        0.72760688,
        0.48507125,
        0,
        0,
        0,
        0,
        0,
      ]
    `)
  })

  it.each([
    ['How do I get a refund?', 'Refunds are paid back within five days.', 'The office opens at nine.'],
    ['opening hours of the office', 'The office opens at nine.', 'Refunds are paid back within five days.'],
    ['Straße sperren', 'Die STRASSE wird gesperrt: Straßen', 'Refunds are paid back.'],
    ['退款 政策', '退款 需要 五天', 'The office opens at nine.'],
  ])('of "%s" is nearer to that of "%s" than to that of "%s"', (query, near, far) => {
    expect(likeness(query, near)).toBeGreaterThan(likeness(query, far) + 0.05)
    expect(likeness(query, near, 128)).toBeGreaterThan(likeness(query, far, 128))
  })

  it('tells texts apart that share no word, and takes case and form for the same', () => {
    expect(likeness('alpha beta', 'gamma delta')).toBeLessThan(0.2)
    expect(likeness('Alpha, beta!', 'alpha beta')).toBeCloseTo(1, 6)
  })

  it('has at least one dimension', () => {
    expect(() => embed('x', 0)).toThrow(/expected a whole number of at least 1, got 0/)
  })
})
