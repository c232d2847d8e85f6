import { describe, expect, it } from 'vitest'
import { isWithin, missingPackages } from '../../../harness/selftest/shipped.js'

describe('the packages that the catalogue needs', () => {
  it('are installed here', () => {
    expect(missingPackages()).toEqual([])
  })

  it.each([
    ['1.12.0', true],
    ['1.12.3', true],
    ['1.13.0-beta.1', true],
    ['1.11.9', false],
    ['2.0.0', false],
    ['0.92.0', false],
    [undefined, false],
  ])('are there in version %s: %s', (version, fits) => {
    expect(isWithin(version, '^1.12.0')).toBe(fits)
  })

  it('are not taken to be there for a range that cannot be read', () => {
    expect(isWithin('1.12.0', 'latest')).toBe(false)
  })
})
