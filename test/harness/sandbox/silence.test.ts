/** Proves that a process is found silent by what it does, and not by how fast the machine is. */
import { expect, it } from 'vitest'
import { Silence } from '../../../harness/sandbox/silence.js'

/** How many spans of 1,000 ms pass until it is too long, in a process that grows by so much in each. */
function spansOf({ growsMb = 0, startsAtMb = 80, boundMb = 400, looksPerSpan = 10 }): number {
  let resident = startsAtMb
  const silence = new Silence(1_000, boundMb, () => resident)
  for (let looks = 1; ; looks++) {
    if (silence.isTooLong(1_000 / looksPerSpan)) return Math.ceil(looks / looksPerSpan)
    resident += growsMb / looksPerSpan
    // By now the bound of memory itself would have been reached.
    if (resident > boundMb) return Number.POSITIVE_INFINITY
  }
}

it.each([1, 2, 10, 100])('takes nothing but the span where nothing grows, looked at %d times', (looksPerSpan) => {
  expect(spansOf({ looksPerSpan })).toBe(1)
})

it.each([40, 100, 1_000])('waits for the bound of memory where %d MB come in each span', (growsMb) => {
  expect(spansOf({ growsMb })).toBe(Number.POSITIVE_INFINITY)
})

it('does not wait where growth would not come to the bound in time', () => {
  expect(spansOf({ growsMb: 10 })).toBe(1)
})

it('waits for a heap that is full, and not for ever', () => {
  expect(spansOf({ startsAtMb: 380 })).toBe(10)
})

it('never waits where there is no bound', () => {
  expect(spansOf({ growsMb: 1_000, boundMb: Number.POSITIVE_INFINITY })).toBe(1)
})

it('begins anew when something was said', () => {
  const silence = new Silence(1_000, 400, () => 80)
  expect(silence.isTooLong(900)).toBe(false)
  silence.reset()
  expect(silence.isTooLong(900)).toBe(false)
  expect(silence.isTooLong(200)).toBe(true)
})

it('gives back what turns out to have been waiting for a processor', () => {
  const silence = new Silence(1_000, 400, () => 80)
  expect(silence.isTooLong(900)).toBe(false)
  expect(silence.isTooLong(-800)).toBe(false)
  expect(silence.isTooLong(800)).toBe(false)
  expect(silence.isTooLong(200)).toBe(true)
})
