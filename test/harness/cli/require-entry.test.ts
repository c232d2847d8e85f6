/** Proves that an entry for `require` names each export, and as a type too where it is a class. */
import { expect, it } from 'vitest'
import { namesOf, requireEntry, requireTypes } from '../../../harness/cli/require-entry.js'

class Thing {}

it('declares values by the type that they have in the module, and classes as types too', () => {
  const types = requireTypes('index.js', namesOf({ Thing, make: () => new Thing() }))
  expect(types.split('\n').slice(2)).toEqual([
    "export declare const Thing: Module['Thing']",
    "export type Thing = InstanceType<Module['Thing']>",
    "export declare const make: Module['make']",
    'export {}',
    '',
  ])
})

it("asks Node's own loader for the one build, whatever realm it is loaded in", () => {
  expect(requireEntry('index.js')).toContain("runInThisContext('process').getBuiltinModule('node:module')")
})

it('gives the tests of a file the time that a search takes, where it is asked to', () => {
  expect(requireEntry('index.js')).not.toContain('TEST_TIMEOUT')
  expect(requireEntry('index.js', true)).toContain(
    "if (process.env.JEST_WORKER_ID) globalThis[Symbol.for('TEST_TIMEOUT_SYMBOL')] ??=",
  )
})
