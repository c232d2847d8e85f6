/** Every source file has a test of its own name, or stands in the table of what proves it instead. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, root, sources, target } from './imports.js'
import { byCommand, proofs } from './proofs.js'

const own = sources.filter((file) => !file.startsWith('scenarios/'))
const mirrorOf = (file: string) => `test/${file.replace(/\.ts$/, '.test.ts')}`
const unmirrored = own.filter((file) => !existsSync(join(root, mirrorOf(file))))
const proofOf = (file: string) => proofs.find(([files]) => files.test(file))?.[1]

/** What tests import by the name of the package. */
const published: Readonly<Record<string, string>> = {
  'agent-chaos': 'harness/index.ts',
  'agent-chaos/faults': 'faults/index.ts',
  'agent-chaos/invariants': 'harness/invariants/index.ts',
  'agent-chaos/provider-kit': 'harness/provider-kit/index.ts',
  'agent-chaos/register': 'harness/register.ts',
  'agent-chaos/reports': 'reports/index.ts',
  'agent-chaos/vitest': 'harness/vitest.ts',
}

const reached = new Map<string, ReadonlySet<string>>()

function reachedFrom(test: string): ReadonlySet<string> {
  const known = reached.get(test)
  if (known) return known
  const found = new Set([test])
  for (const file of found) {
    for (const { specifier } of importsOf(file)) {
      const into = published[specifier] ?? target(file, specifier)
      if (into.endsWith('.ts') && existsSync(join(root, into))) found.add(into)
    }
  }
  reached.set(test, found)
  return found
}

describe('a source file', () => {
  it('is mirrored by a test, or has one that proves it', () => {
    expect(unmirrored.filter((file) => proofOf(file) === undefined)).toEqual([])
  })

  it('is reached by the test that is to prove it', () => {
    const unreached = unmirrored.filter((file) => {
      const test = proofOf(file) ?? ''
      return !byCommand.test(test) && !reachedFrom(test).has(file)
    })
    expect(unreached.map((file) => `${file}: not by ${proofOf(file)}`)).toEqual([])
  })
})

describe('the table of proofs', () => {
  it('names tests that are there', () => {
    expect(proofs.map(([, test]) => test).filter((test) => !existsSync(join(root, test)))).toEqual([])
  })

  it('has no row that stands for no file', () => {
    const idle = proofs.filter((row) => !unmirrored.some((file) => proofs.find(([files]) => files.test(file)) === row))
    expect(idle.map(([files]) => files.source)).toEqual([])
  })
})
