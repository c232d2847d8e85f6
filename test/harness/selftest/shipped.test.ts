import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isWithin, missingPackages, shippedIn } from '../../../harness/selftest/shipped.js'
import { root } from '../../support/cli/command.js'

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

describe('a folder that ships for the selftest alone', () => {
  it.each(['planted', 'correct', 'museum'])('gives every file of scenarios/%s, whatever it is called', (name) => {
    const folder = join(root, 'scenarios', name)
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
    expect(files.length).toBeGreaterThan(0)
    expect(shippedIn(folder)).toEqual(files.sort().map((file) => join(folder, file)))
  })

  it.each(['scenarios', 'scenarios/canaries', 'test'])('is not %s, which is searched as any other is', (name) => {
    expect(shippedIn(join(root, name))).toBeUndefined()
  })
})
