/** What a scenario allows to be reached: a host with one port or with any, and nothing that only looks like it. */
import { describe, expect, it } from 'vitest'
import { isAllowance, isAllowed } from '../../../harness/contracts/allowed.js'

describe('what is allowed', () => {
  it.each([
    ['db.local:5432', 'db.local', 5432, true],
    ['db.local:5432', 'DB.local', 5432, true],
    ['db.local:5432', 'db.local', 5433, false],
    ['db.local:5432', 'db.local', undefined, true],
    ['db.local', 'db.local', 1, true],
    ['db.local', 'my.db.local', 1, false],
    ['db.local', 'db.local.example', 1, false],
    ['10.0.0.5:80', '10.0.0.5', 80, true],
    ['10.0.0.5:80', '10.0.0.50', 80, false],
    ['[fd00::1]:5432', 'fd00::1', 5432, true],
    ['[fd00::1]:5432', '[fd00::1]', 5432, true],
    ['[fd00::1]:5432', 'fd00::2', 5432, false],
  ])('by %s is %s, port %s: %s', (allowance, host, port, expected) => {
    expect(isAllowance(allowance)).toBe(true)
    expect(isAllowed([allowance], host, port)).toBe(expected)
  })

  it('is nothing where nothing is', () => {
    expect(isAllowed([], 'db.local', 5432)).toBe(false)
  })

  it.each(['', 'https://db.local', 'db.local/x', 'db local', 'db.local:', 'db.local:port', '*', 5432, null])(
    'is not written as %j',
    (text) => {
      expect(isAllowance(text)).toBe(false)
    },
  )
})
