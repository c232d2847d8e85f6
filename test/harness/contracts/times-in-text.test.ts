import { describe, expect, it } from 'vitest'
import { withoutTimes } from '../../../harness/contracts/times-in-text.js'

describe('withoutTimes', () => {
  it.each([
    'on 2026-11-30.',
    'at 2026-11-30T09:05:00.123Z sharp',
    'at 2026-11-30 9:05+01:00',
    'at 09:05',
    'at 9:05:07.5 today',
    'since 1796029500000 ms',
    JSON.stringify('a line\n2026-11-30'),
  ])('has one word for a time: %s', (text) => {
    expect(withoutTimes(text)).not.toMatch(/\d/)
    expect(withoutTimes(text).split('<time>')).toHaveLength(2)
  })

  it.each(['order 42', 'ean 4006381333931', 'card 17960295000001', 'ratio 3:2', 'v2026-1-1', 'no 12026-11-301'])(
    'leaves what is none: %s',
    (text) => {
      expect(withoutTimes(text)).toBe(text)
    },
  )
})
