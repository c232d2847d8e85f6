import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineOf, parseJson, parseShallow, tellPath } from '../../../harness/contracts/json-text.js'

describe('parseJson', () => {
  it('passes over a byte order mark', () => {
    expect(parseJson('\uFEFF{"a": 1}', 'expected a file', 'x.json')).toEqual({ a: 1 })
  })

  it.each([
    ['', 1],
    ['{', 1],
    ['{\n  "a": 1\n  "b": 2\n}', 3],
    ['{\n  "a": 1,\n  "b": ,\n  "c": 3\n}', 3],
    ['[\n1,\n2\n', 4],
    ['[\n1\n]\n\nx\n\n', 5],
    ['[\n"a\n", 2\n]', 2],
    ['[\ntru\n]', 2],
    ['x\n[]', 1],
  ])('names the line of what is no JSON: %j', (text, line) => {
    expect(() => parseJson(text, 'expected a file', 'x.json')).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^expected a file, and this is not JSON: [^\n]+$/),
        where: `x.json:${line}`,
      }),
    )
  })
})

describe('lineOf', () => {
  const value = { a: { 'b,"{': [1, [], { c: null, d: 'x: [', e: {} }] }, f: [[2], '"'], g: true, '': 0 }

  it('finds what stands nearest to a path that leads nowhere', () => {
    const text = JSON.stringify(value, null, 2)
    expect(lineOf(text, ['f', 7])).toBe(lineOf(text, ['f']))
    expect(lineOf(text, ['none', 'at', 'all'])).toBe(1)
  })

  it('finds any value of any JSON, however it is laid out', () => {
    const pathsIn = (part: unknown, path: readonly PropertyKey[]): (readonly PropertyKey[])[] =>
      typeof part !== 'object' || part === null
        ? [path]
        : [
            path,
            ...Object.entries(part).flatMap(([key, inner]) =>
              pathsIn(inner, [...path, Array.isArray(part) ? Number(key) : key]),
            ),
          ]
    fc.assert(
      fc.property(fc.oneof(fc.constant(value), fc.jsonValue()), (any) => {
        // As it is written, each value begins on a line of its own.
        const text = JSON.stringify(any, null, 1)
        const paths = pathsIn(JSON.parse(text), [])
        const lines = paths.map((path) => lineOf(text, path))
        expect(lines).toEqual(lines.toSorted((left, right) => left - right))
        expect(new Set(lines).size).toBe(paths.length)
        expect(paths.map((path) => lineOf(JSON.stringify(any), path))).toEqual(paths.map(() => 1))
      }),
      { seed: 3, numRuns: 200 },
    )
  })
})

describe('parseShallow', () => {
  const nest = (depth: number) => `${'[{"a":'.repeat(depth / 2)}0${'}]'.repeat(depth / 2)}`

  it('reads what can be written again, however wide, and brackets in texts', () => {
    for (const text of [nest(900), `[${'[],'.repeat(5_000)}0]`, JSON.stringify('['.repeat(5_000))])
      expect(JSON.stringify(parseShallow(text))).toBe(text)
  })

  it('throws for what is nested deeper, and for what is no JSON', () => {
    for (const text of [nest(902), nest(400_000), '{']) expect(() => parseShallow(text)).toThrow(SyntaxError)
  })
})

it('tellPath writes a path as people do', () => {
  expect(tellPath(['scenarios', 0, 'name'])).toBe('scenarios[0].name')
  expect(tellPath([1, 'a'])).toBe('[1].a')
  expect(tellPath([])).toBe('')
})
