/** What a source names, in all the ways in which a module can be named. */
import { describe, expect, it } from 'vitest'
import { importsIn } from '../../../../harness/cli/watch/imports.js'

describe('the imports of a source', () => {
  it.each([
    ["import './set-up.js'", './set-up.js'],
    ["import{a}from'./a.js'", './a.js'],
    ["import a, {\n  b,\n} from '@app/a'", '@app/a'],
    ["import * as all from '#inner'", '#inner'],
    ["export * from './all'", './all'],
    ["export type { A } from './types.js'", './types.js'],
    ["const a = require('pkg')", 'pkg'],
    ["require.resolve('@app/schema.json')", '@app/schema.json'],
    ["import.meta.resolve('@app/a')", '@app/a'],
    ["await import('@app/late')", '@app/late'],
    ['await import(`./late.js`)', './late.js'],
    ["await import(\n  '@app/late'\n)", '@app/late'],
    ["import data from './data.json' with { type: 'json' }", './data.json'],
    ["new Worker(new URL('./worker.ts', import.meta.url))", './worker.ts'],
    ["fork('../agent.js')", '../agent.js'],
    ["import { b } from 'b' // and no more", 'b'],
  ])('hold what %j loads', (source, specifier) => {
    expect(importsIn(source)).toEqual({ specifiers: [specifier], isOpen: false })
  })

  it('hold each module once', () => {
    expect(importsIn("import './a.js'\nimport { a } from './a.js'").specifiers).toEqual(['./a.js'])
  })

  it.each(['await import(name)', 'require(`./#{name}.js`)'.replace('#', '$'), 'await import(\n  names[0],\n)'])(
    'are not all of them where a name is put together as it runs: %s',
    (source) => expect(importsIn(source).isOpen).toBe(true),
  )

  it.each(["const from = 'a'", "say('import the order')", 'import.meta.url', 'text.from(1)'])(
    'hold nothing that is none: %s',
    (source) => expect(importsIn(source)).toEqual({ specifiers: [], isOpen: false }),
  )
})
