/** Which mistakes are made in a file, and that each leaves it a program. */
import { describe, expect, it } from 'vitest'
import { parseAst } from 'vitest/node'
import { type Coverage, reaching } from './coverage.js'
import { mutantsOf, mutate, nameOf } from './operators.js'

const names = (text: string) => mutantsOf('a.js', text).map(nameOf)

describe('the mutants of a file', () => {
  it.each([
    ['if (a) b()', ['a.js:1 drop statement: b() -> ;', 'a.js:1 negate: a -> !(a)']],
    ['const a = b < c', ['a.js:1 swap: b < c -> ((b) < (c))'.replace('((b) < (c))', '((b) <= (c))')]],
    ['const a = b && c', ['a.js:1 swap: b && c -> ((b) || (c))']],
    ['const a = !b', ['a.js:1 drop not: !b -> (b)']],
    ['const a = [1]', ['a.js:1 constant: 1 -> 2']],
    ['const a = true', ['a.js:1 constant: true -> false']],
    ['const a = b.some(c)', ['a.js:1 swap: some -> every']],
    ['const a = b.toString()', []],
    ['const a = function () { return undefined }', []],
    [
      'for (;;) { a++; break }',
      ['a.js:1 drop statement: a++; -> ;', 'a.js:1 count: a++ -> a--', 'a.js:1 drop statement: break -> ;'],
    ],
    [
      'const a = () => { const b = c\n return b }',
      ['a.js:1 return early: nothing -> return;', 'a.js:2 return nothing: return b -> return;'],
    ],
  ])('in %s are those that people make', (text, expected) => {
    expect(names(text).sort()).toEqual([...expected].sort())
  })

  it.each([
    "import a from '1'",
    "throw new Error('a' + 1)",
    'const a = `b 1`',
    "'use strict'",
    'class A extends B { constructor() { super() } }',
  ])('are none in %s, which is words or must be', (text) => expect(names(text)).toEqual([]))

  it('are programs, and differ from what was there', () => {
    const text =
      'function f(a) { let n = 0; for (const b of a) { if (!b) continue; n += b.c ?? b.d ?? 1 } return n > 3 ? n : f(n - 1) }'
    const mutants = mutantsOf('a.js', text)
    expect(mutants.length).toBeGreaterThan(10)
    for (const mutant of mutants) {
      expect(mutate(text, mutant)).not.toBe(text)
      expect(() => parseAst(mutate(text, mutant))).not.toThrow()
    }
  })
})

describe('the scenarios that come to a place', () => {
  it('are those whose inmost range around it was run, the quickest first', () => {
    const coverage: Coverage = {
      slow: {
        ms: 9,
        wrong: [],
        ranges: {
          'a.js': [
            [0, 100, 1],
            [10, 20, 3],
          ],
        },
      },
      quick: { ms: 1, wrong: [], ranges: { 'a.js': [[0, 100, 1]] } },
      passes: {
        ms: 2,
        wrong: [],
        ranges: {
          'a.js': [
            [0, 100, 1],
            [10, 20, 0],
          ],
        },
      },
      elsewhere: { ms: 0, wrong: [], ranges: {} },
    }
    expect(reaching(coverage, 'a.js', 15, 10)).toEqual(['quick', 'slow'])
    expect(reaching(coverage, 'a.js', 50, 20)).toEqual(['quick', 'passes', 'slow'])
    expect(reaching(coverage, 'a.js', 50, 5)).toEqual(['quick', 'passes'])
  })
})
