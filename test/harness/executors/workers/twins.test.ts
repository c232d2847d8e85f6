/** That a specifier in a user's module stays the same file, however TypeScript has it written, and when files change. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadDefault } from '../../../../harness/executors/workers/load.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twins-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

const load = () => loadDefault(join(folder, 'main.ts'), () => true)

const says = (word: string) => `export const word: string = '${word}'`
const main = (specifier: string) => `import { word } from '${specifier}'\nexport default word`

describe('an import', () => {
  it.each([
    ['./other.js', 'other.ts'],
    ['./other.mjs', 'other.mts'],
    ['./other', 'other.ts'],
    ['./deep/other.js', 'deep/other.ts'],
    ['./deep', 'deep/index.ts'],
    ['./other.ts', 'other.ts'],
    ['./v1.2', 'v1.2.ts'],
  ])('of %s finds %s', async (specifier, name) => {
    write({ 'main.ts': main(specifier), [name]: says('found') })
    expect(await load()).toBe('found')
  })

  it('finds the file that is written, where its twin is there too', async () => {
    write({
      'main.ts': main('./other.js'),
      'other.js': `export const word = 'as written'`,
      'other.ts': says('the twin'),
    })
    expect(await load()).toBe('as written')
  })

  it('finds what is exported again', async () => {
    write({
      'main.ts': `export { word as default } from './other.js'`,
      'other.ts': `export * from './last.js'`,
      'last.ts': says('last'),
    })
    expect(await load()).toBe('last')
  })

  it('finds a module that was TypeScript when its importer was compiled, and is JavaScript now', async () => {
    write({ 'main.ts': main('./other.js'), 'other.ts': says('typed') })
    expect(await load()).toBe('typed')
    renameSync(join(folder, 'other.ts'), join(folder, 'other.js'))
    write({ 'other.js': `export const word = 'plain'` })
    expect(await load()).toBe('plain')
  })

  it('that finds nothing is told as it was written', async () => {
    write({ 'main.ts': main('./othr.js'), 'other.ts': says('never') })
    await expect(load()).rejects.toThrow("Cannot find module './othr.js'")
  })

  it('of a module that does not compile says where', async () => {
    write({ 'main.ts': main('./other.js'), 'other.ts': 'export const word = = 1' })
    await expect(load()).rejects.toMatchObject({ where: expect.stringMatching(/other\.ts:1:/) })
  })
})
