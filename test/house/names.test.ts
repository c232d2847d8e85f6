/** Names are the field's words, have one meaning each, and say what a function does. */
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesBelow, root, sources, text } from './imports.js'
import { declaredIn, exportedTypesIn, functionsIn, privateWords, wordsOf } from './names.js'

/** These speak of the words themselves. */
const aboutWords = ['test/house/names.ts', 'test/house/names.test.ts']

const tests = filesBelow(join(root, 'test')).filter((file) => !aboutWords.includes(file))
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'harness/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => relative(root, join(root, 'docs', file))),
]

/** Names of events on the public surface: who has a breaker of its own reports by them, and a provider says what arrived. */
const events = [...['opened', 'closed', 'halfOpened', 'succeeded', 'failed', 'ignored', 'rejected'], 'arrived']

/** The verdict that an invariant answers with. */
const verdicts = ['violated']

const irregular =
  /^(told|said|sent|found|made|done|gone|begun|taken|given|known|shown|seen|held|kept|left|lost|met|written|drawn|built|brought|caught|thrown|struck|shut|chosen|broken|torn|paid|swept|hidden|forgotten|stuck|undone)$/

/** One word that says what has been done: `searched()` where `search()` does it. */
function isParticiple(name: string): boolean {
  return (
    irregular.test(name) ||
    (/^[a-z]+ed$/.test(name) && !/^(need|feed|seed|speed|embed|exceed|proceed|succeed|heed)$/.test(name))
  )
}

describe('a name', () => {
  it('and a sentence hold no word that only this project would use', () => {
    const found = [...sources, ...tests, ...pages].flatMap((file) => {
      const words = new Set(wordsOf(`${file} ${text(file)}`))
      return privateWords.flatMap(([word, instead]) =>
        [...words].filter((one) => word.test(one)).map((one) => `${file}: "${one}", say: ${instead}`),
      )
    })
    expect(found).toEqual([])
  })

  it('is never `told`: what is reported, returned or shown says so', () => {
    const found = [...sources, ...tests].flatMap((file) =>
      declaredIn(text(file))
        .filter((name) => /^told(?![a-z])|Told(?![a-z])/.test(name))
        .map((name) => `${file}: ${name}`),
    )
    expect(found).toEqual([])
  })

  it('of a type is exported by one file alone', () => {
    const homes = new Map<string, string[]>()
    for (const file of sources.filter((each) => !each.startsWith('scenarios/'))) {
      for (const name of new Set(exportedTypesIn(text(file)))) homes.set(name, [...(homes.get(name) ?? []), file])
    }
    expect([...homes].filter(([, files]) => files.length > 1)).toEqual([])
  })

  it('of a function says what it does, and not what has been done', () => {
    const found = [...sources, ...tests].flatMap((file) =>
      functionsIn(text(file))
        .filter((name) => isParticiple(name) && !events.includes(name) && !verdicts.includes(name))
        .map((name) => `${file}: ${name}()`),
    )
    expect(found).toEqual([])
  })
})

describe('what these rules read', () => {
  it('are words inside of names, in paths and over the ends of lines', () => {
    expect(wordsOf('weatherAt(x) HTTPCensus\n * is held\n * against heldAgainst')).toEqual(
      expect.arrayContaining(['weather', 'at', 'census', 'held against']),
    )
    expect(wordsOf('recommended, lifetime, relieve')).toEqual(['recommended', 'lifetime', 'relieve'])
  })

  it('are functions of every kind', () => {
    const source = [
      'export async function searched<T>(x: T): Promise<T> {',
      'const joined = (parts: string[]) => parts',
      'class A {',
      '  #told(query: string): void {',
      '  async written({ a, b }: Way): Promise<void> {',
      'const grouped = groupBy(list)',
    ].join('\n')
    expect(functionsIn(source)).toEqual(['searched', 'joined', 'told', 'written'])
  })

  it('are declared names, and no prose', () => {
    const source =
      "/** It was told. */\nconst told = 1\nfunction f(told: string, other?: number) {}\nit('is told', 1)\n"
    expect(declaredIn(source)).toEqual(['told', 'f', 'told', 'other'])
  })

  it('are types that a file exports itself', () => {
    expect(
      exportedTypesIn("export interface A {}\nexport type B = A\nexport type { C } from './c.js'\ntype D = A\n"),
    ).toEqual(['A', 'B'])
  })
})
