/** The rules for tests: which project each is in, what a unit test may need, where helpers stand, and no speed is asked for. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import config from '../../vitest.config.js'
import { filesBelow, root, text } from './imports.js'

interface Project {
  readonly test: { readonly name: string; readonly include: string[]; readonly exclude?: string[] }
}

const given = (config.test?.projects ?? []) as unknown as readonly Project[]
const projects = new Map(
  given.map(({ test: { name, include, exclude = [] } }) => [name, globSync(include, { cwd: root, ignore: exclude })]),
)
const isTest = (file: string) => file.endsWith('.test.ts')
const all = filesBelow(join(root, 'test'))
/** Each is one question with its own table or tool beside it. */
const suites = [
  'check',
  'conformance',
  'consumers',
  'docs',
  'frameworks',
  'house',
  'kills',
  'mutants',
  'readme',
  'recipes',
  'replays',
  'same',
  'soak',
  'surface',
  'words',
]
const rules = 'test/house/tests.test.ts'

function linesWith(pattern: RegExp, files: readonly string[]): string[] {
  return files
    .filter((file) => file !== rules)
    .flatMap((file) =>
      text(file)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    )
}

describe('a test', () => {
  it('is in one project, and in one alone', () => {
    const expected = all.filter((file) => isTest(file) && !/^test\/(fixtures|browser|queue)\//.test(file))
    expect([...projects.values()].flat().sort()).toEqual(expected.sort())
    expect([...projects.keys()]).toEqual(['unit', 'unit-stubs', 'e2e', 'integration'])
  })

  it('of one part starts no command', () => {
    const parts = ['unit', 'unit-stubs'].flatMap((name) => projects.get(name) ?? [])
    expect(linesWith(/\b(agentChaos|shell)\(|\/dist\/harness\//, parts)).toEqual([])
  })

  it('that shares its process with others puts no stubs into it', () => {
    expect(linesWith(/\binstallStubs\(/, projects.get('unit') ?? [])).toEqual([])
  })

  it('is held to no speed, for it may run on a busy machine', () => {
    const speed = /expect\(.*(\bnow\(|took|elapsed|wallMs).*\.(not\.)?toBe(Less|Greater)Than(OrEqual)?\((?!0\b)/i
    expect(linesWith(speed, all.filter(isTest))).toEqual([])
  })
})

describe('what tests share', () => {
  it('stands in test/support or test/fixtures, unless it is a part of one suite in a folder of its own', () => {
    const tested = readdirSync(join(root, 'test')).filter(
      (folder) => !['bench', 'browser', 'fixtures', 'queue', 'support', ...suites].includes(folder),
    )
    const stray = all.filter((file) => !isTest(file) && tested.some((folder) => file.startsWith(`test/${folder}/`)))
    expect(stray).toEqual([])
  })
})
