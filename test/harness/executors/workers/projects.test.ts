/** That scenario files load in projects as people have them: workspaces, JSX, decorators, references between tsconfigs. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadDefault } from '../../../../harness/executors/workers/load.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'projects-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
}

const load = (name = 'main.ts') => loadDefault(join(folder, name), () => true)

/** A function for JSX that needs no package. */
const ownJsx = `const h = (tag: string, _: unknown, ...children: string[]) => \`<\${tag}>\${children.join('')}</\${tag}>\`\n`
const runtime = {
  'node_modules/own-jsx/package.json': { name: 'own-jsx', exports: { './jsx-runtime': './jsx-runtime.cjs' } },
  'node_modules/own-jsx/jsx-runtime.cjs':
    'exports.jsx = exports.jsxs = (tag, { children }) => ["<", tag, ">", children, "</", tag, ">"].flat().join("")',
}

describe('a module in TSX', () => {
  const view = `/** @jsx h */\n${ownJsx}export const view: string = <p>sent</p>`

  it.each(['./view.js', './view.jsx', './view', './view.tsx'])('is found as %s', async (specifier) => {
    write({ 'main.ts': `import { view } from '${specifier}'\nexport default view`, 'view.tsx': view })
    expect(await load()).toBe('<p>sent</p>')
  })

  it('may be the scenario file itself', async () => {
    write({ 'main.chaos.tsx': `${view}\nexport default view` })
    expect(await load('main.chaos.tsx')).toBe('<p>sent</p>')
  })

  it('is compiled as its tsconfig.json has it: with a package for it', async () => {
    write({
      ...runtime,
      'tsconfig.json':
        '{ // comments and trailing commas\n"compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "own-jsx", }, }',
      'main.tsx': 'export default <p>{"a"}{"b"}</p> as unknown',
    })
    expect(await load('main.tsx')).toBe('<p>ab</p>')
  })

  it('is compiled as its tsconfig.json has it: with a function', async () => {
    write({
      'tsconfig.json': { compilerOptions: { jsx: 'react', jsxFactory: 'h' } },
      'main.tsx': `${ownJsx}export default <p>sent</p> as unknown`,
    })
    expect(await load('main.tsx')).toBe('<p>sent</p>')
  })

  it('is compiled anew where its tsconfig.json changes, and it does not', async () => {
    write({ 'main.tsx': `const [h, g] = [() => 'h', () => 'g']\nexport default <p /> as unknown` })
    write({ 'tsconfig.json': { compilerOptions: { jsx: 'react', jsxFactory: 'h' } } })
    expect(await load('main.tsx')).toBe('h')
    write({ 'tsconfig.json': { compilerOptions: { jsx: 'react', jsxFactory: 'g' } } })
    expect(await load('main.tsx')).toBe('g')
  })

  it('has a type argument and no element where a file is no TSX', async () => {
    write({ 'main.ts': 'const same = <T>(value: T) => value\nexport default <string>same("as it is")' })
    expect(await load()).toBe('as it is')
  })
})

describe('a package of the workspace', () => {
  const mail = (exports: object) => {
    write({
      'packages/mail/package.json': { name: '@acme/mail', type: 'module', exports },
      'packages/mail/src/index.ts': `import { greeting } from './greeting.js'\nexport { view } from './views/sent.js'\nexport const greet: string = greeting`,
      'packages/mail/src/greeting.ts': `export const greeting: string = 'Dear'`,
      'packages/mail/src/views/sent.tsx': `/** @jsx h */\n${ownJsx}export const view: string = <p>sent</p>`,
    })
    mkdirSync(join(folder, 'node_modules/@acme'), { recursive: true })
    symlinkSync(join(folder, 'packages/mail'), join(folder, 'node_modules/@acme/mail'), 'dir')
  }

  it('may write .js for its own .ts and .tsx', async () => {
    mail({ '.': { import: './src/index.ts' } })
    write({ 'main.ts': `import { greet, view } from '@acme/mail'\nexport default [greet, view]` })
    expect(await load()).toEqual(['Dear', '<p>sent</p>'])
  })

  it('may lead by its export map from .js to .ts', async () => {
    mail({ './*': './src/*' })
    write({ 'main.ts': `import { greeting } from '@acme/mail/greeting.js'\nexport default greeting` })
    expect(await load()).toBe('Dear')
  })

  it('may lead by its export map to .tsx', async () => {
    mail({ './views/*.js': './src/views/*.tsx' })
    write({ 'main.ts': `import { view } from '@acme/mail/views/sent.js'\nexport default view` })
    expect(await load()).toBe('<p>sent</p>')
  })
})

describe('the paths of a tsconfig.json', () => {
  const page = { 'src/page.ts': `export const page: string = 'page'` }

  it.each(['~/page.js', '~/page'])('hold where it only refers to the one that has them: %s', async (specifier) => {
    write({
      ...page,
      'tsconfig.json': { files: [], references: [{ path: './tsconfig.node.json' }, { path: './tsconfig.app.json' }] },
      'tsconfig.node.json': { include: ['vite.config.ts'] },
      'tsconfig.app.json': { compilerOptions: { paths: { '~/*': ['./src/*'] } }, include: ['src', 'scenarios'] },
      'scenarios/main.ts': `import { page } from '${specifier}'\nexport default page`,
    })
    expect(await load('scenarios/main.ts')).toBe('page')
  })

  it('are those of the reference that takes the file in', async () => {
    write({
      'a/page.ts': `export const page = 'a'`,
      'b/page.ts': `export const page = 'b'`,
      'tsconfig.json': { files: [], references: [{ path: './tsconfig.a.json' }, { path: './tsconfig.b.json' }] },
      'tsconfig.a.json': { compilerOptions: { paths: { '~/*': ['./a/*'] } }, include: ['a/**/*.ts'] },
      'tsconfig.b.json': { compilerOptions: { paths: { '~/*': ['./b/*'] } }, include: ['b/**/*.ts', 'chaos/*'] },
      'chaos/main.ts': `import { page } from '~/page.js'\nexport default page`,
    })
    expect(await load('chaos/main.ts')).toBe('b')
  })

  it('hold where they stand in a shared one that is reached through an export map', async () => {
    write({
      ...page,
      'packages/tsconfig/package.json': { name: '@repo/tsconfig', exports: { './base': './base.json' } },
      'packages/tsconfig/base.json': `{ "compilerOptions": { "paths": { "~/*": ["\${configDir}/src/*"] } } }`,
      'tsconfig.json': { extends: '@repo/tsconfig/base' },
      'main.ts': `import { page } from '~/page.js'\nexport default page`,
    })
    mkdirSync(join(folder, 'node_modules/@repo'), { recursive: true })
    symlinkSync(join(folder, 'packages/tsconfig'), join(folder, 'node_modules/@repo/tsconfig'), 'dir')
    expect(await load()).toBe('page')
  })

  it('hold for each module as the one nearest to it has them', async () => {
    write({
      'tsconfig.json': {},
      'main.ts': `export { page as default } from './shop/page.js'`,
      'shop/tsconfig.json': { compilerOptions: { paths: { '~/*': ['./src/*'] } } },
      'shop/page.ts': `import { word } from '~/word.js'\nexport const page: unknown = import('~/last.js').then(({ last }) => word + last)`,
      'shop/src/word.ts': `export const word: string = 'pa'`,
      'shop/src/last.ts': `export const last: string = 'ge'`,
    })
    expect(await load()).toBe('page')
  })

  it('count from the one that has them, where a reference extends it', async () => {
    write({
      ...page,
      'tsconfig.json': { files: [], references: [{ path: './app/tsconfig.app.json' }] },
      'tsconfig.base.json': { compilerOptions: { paths: { '~/*': ['./src/*'] } } },
      'app/tsconfig.app.json': { extends: '../tsconfig.base.json', include: ['.'] },
      'app/main.ts': `import { page } from '~/page.js'\nexport default page`,
    })
    expect(await load('app/main.ts')).toBe('page')
  })

  it('hold beside references', async () => {
    write({
      ...page,
      'tsconfig.json': { compilerOptions: { paths: { '~/*': ['./src/*'] } }, references: [{ path: './packages/x' }] },
      'main.ts': `import { page } from '~/page.js'\nexport default page`,
    })
    expect(await load()).toBe('page')
  })

  it('are none where it cannot be read', async () => {
    write({
      ...page,
      'tsconfig.json': '{ "files": [',
      'main.ts': `import { page } from './src/page.js'\nexport default page`,
    })
    await expect(load()).resolves.toBe('page')
  })
})

describe('what else people write', () => {
  it('decorators tell of types, as containers and tools of frameworks ask for', async () => {
    write({
      'main.ts': `
        const seen: unknown[] = []
        Object.assign(Reflect, { metadata: (name: string, value: unknown) => () => void seen.push([name, value]) })
        class Mailer {}
        const Tool = (name: string) => (_: object, key: string) => void seen.push([name, key])
        const Injectable = (_: unknown) => {}
        @Injectable
        class Desk {
          constructor(private readonly mailer: Mailer) {}
          @Tool('send') async send(to: string, count: number) { return [this.mailer, to, count] }
        }
        export default [Desk.name, seen, [String, Number], [Mailer]]`,
    })
    const [name, seen, ofMethod, ofClass] = (await load()) as [string, unknown[], unknown[], unknown[]]
    expect(name).toBe('Desk')
    expect(seen).toContainEqual(['design:paramtypes', ofMethod])
    expect(seen).toContainEqual(['design:paramtypes', ofClass])
    expect(seen).toContainEqual(['send', 'send'])
    Reflect.deleteProperty(Reflect, 'metadata')
  })

  it('zod 3 and 4 stand beside each other', async () => {
    symlinkSync(
      fileURLToPath(new URL('../../../../node_modules', import.meta.url)),
      join(folder, 'node_modules'),
      'dir',
    )
    write({
      'main.ts': `import { z } from 'zod'\nimport { z as old } from 'zod/v3'
        const [a, b] = [z.object({ to: z.string() }), old.object({ to: old.string() })]
        export default [a.parse({ to: 'ada' }), b.parse({ to: 'ada' }), '_zod' in a, '_zod' in b]`,
    })
    expect(await load()).toEqual([{ to: 'ada' }, { to: 'ada' }, true, false])
  })
})
