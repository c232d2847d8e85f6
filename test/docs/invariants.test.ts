/** The reference page of invariants is what they say of themselves, and each exemption has a test on either side of its line. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { invariantCatalogue } from '../../harness/invariants/catalogue.js'
import { root } from '../support/cli/command.js'
import { type Pair, tested } from './exemption-tests.js'
import { invariantsPage, placeOf } from './invariants.js'

const read = (file: string) => readFileSync(join(root, file), 'utf8')

describe('docs/invariants.md', () => {
  it('is what the invariants say of themselves', () => {
    const message = 'docs/invariants.md is stale: run `npm run invariants`'
    expect(read('docs/invariants.md'), message).toBe(invariantsPage())
  })
})

describe('the table of tests', () => {
  it('has a row for each invariant that ships, and for no other', () => {
    expect(Object.keys(tested).sort()).toEqual(invariantCatalogue.map(({ name }) => name).sort())
  })

  it.each(invariantCatalogue)('has two tests for each exemption of $name, and for no other', ({ name, exemptions }) => {
    const row = tested[name]
    expect(Object.keys(row?.exemptions ?? {}).sort()).toEqual(Object.keys(exemptions ?? {}).sort())
    for (const [exemption, [excuses, beyond]] of Object.entries(row?.exemptions ?? {})) {
      const message = `${exemption}: expected a test that excuses, and another one a step beyond that does not`
      expect(beyond, message).not.toBe(excuses)
    }
  })

  it.each(invariantCatalogue)('is not all of $name: a canary shows that it bites', ({ name }) => {
    const folder = join(root, 'scenarios/canaries')
    const isIts = (file: string) => read(`scenarios/canaries/${file}`).includes(`violates: '${name}'`)
    expect(readdirSync(folder).filter(isIts), `expected a canary in scenarios/canaries/ for ${name}`).not.toEqual([])
  })

  it.each(Object.entries(tested))('names tests of %s that are there', (invariant, { antecedent, exemptions }) => {
    const pairs: readonly Pair[] = [antecedent, ...Object.values(exemptions)]
    const missing = pairs.flat().filter((test) => !isThere(invariant, test))
    expect(missing).toEqual([])
  })
})

/** Whether the file has a test of that name, with the name alone on a line or behind the bracket that begins the call. */
function isThere(invariant: string, test: string): boolean {
  const { file, name } = placeOf(invariant, test)
  if (!existsSync(join(root, file))) return false
  const quoted = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`\\(\\s*(['"\`])${quoted}\\1,\\s*(?:async )?\\(`).test(read(file))
}
