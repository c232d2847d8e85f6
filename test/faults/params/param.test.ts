/** That a parameter takes what its fault can do something with, and says what that is. */
import { describe, expect, it } from 'vitest'
import { rateLimited } from '../../../faults/http/rate-limited.js'
import { decodePlan, describeFault } from '../../../faults/index.js'
import { accepts, expectation, type Param } from '../../../faults/params/param.js'

const free: Param = { kind: 'text', doc: 'd', samples: ['a'], default: 'a' }
const header: Param = { ...free, fits: 'header' }

describe('a text', () => {
  it.each(['', 'soon', ' 5 ', 'a\tb', 'caf\u00e9', 'Thu, 01 Jan 2026 00:02:00 GMT'])(
    'fits into a header: %j',
    (value) => expect([accepts(free, value), accepts(header, value)]).toEqual([true, true]),
  )

  it.each(['a\nb', 'a\r\nx: y', 'a\0', '\u001b[1m', '\u{1f69a}', '\u0100'])('fits into no header: %j', (value) =>
    expect([accepts(free, value), accepts(header, value)]).toEqual([true, false]),
  )

  it('is refused by a plan where it does not fit, in words that say so', () => {
    const decoded = decodePlan('http:a#1 = http/rate-limited(retryAfter: "a\\nb")', [describeFault(rateLimited)])
    expect(decoded).toMatchObject({ error: { message: expect.stringContaining(expectation(header)) } })
    expect(expectation(header)).toBe('a string in quotes that a header can carry')
  })
})
