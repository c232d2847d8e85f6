import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { FoundImports } from '../../../../harness/executors/workers/found-imports.js'

const file = '/agents/refund.ts'
const code = [
  'var _shop = await jitiImport("./shop.ts");',
  'var _zod = await jitiImport("zod");',
  'var _promises = await jitiImport("node:timers/promises");',
  'const later = () => jitiImport("./later.ts")',
].join('\n')

const found: Readonly<Record<string, string>> = { './shop.ts': '/agents/shop.ts', zod: '/node_modules/zod/"v4".js' }
const find = (specifier: string, importer: string) => {
  expect(importer).toBe(pathToFileURL(file).href)
  const path = found[specifier]
  if (path === undefined) throw new Error(`not found: ${specifier}`)
  return pathToFileURL(path).href
}

/** As this system writes it. */
const shop = JSON.stringify(fileURLToPath(pathToFileURL('/agents/shop.ts')))

describe('imports that were found before', () => {
  it('are looked for by the loader the first time, and named by their files from then on', () => {
    const imports = new FoundImports()
    expect(imports.nameIn(file, code, find)).toBe(code)
    const named = imports.nameIn(file, code, find)
    expect(named).toContain(`await jitiImport(${shop})`)
    expect(named).toMatch(/await jitiImport\(".*\\"v4\\"\.js"\)/)
    expect(imports.nameIn(file, code, find)).toBe(named)
  })

  it('are looked for once', () => {
    const imports = new FoundImports()
    const counted = vi.fn(find)
    for (let load = 0; load < 4; load++) imports.nameIn(file, code, counted)
    expect(counted.mock.calls.map(([specifier]) => specifier)).toEqual(['./shop.ts', 'zod'])
  })

  it("leave Node's own modules as they are, and what is imported while the agent runs", () => {
    const imports = new FoundImports()
    imports.nameIn(file, code, find)
    const named = imports.nameIn(file, code, find)
    expect(named).toContain('await jitiImport("node:timers/promises")')
    expect(named).toContain('jitiImport("./later.ts")')
  })

  it('are left to fail as they did where nothing is found', () => {
    const imports = new FoundImports()
    const missing = 'await jitiImport("./gone.ts");'
    imports.nameIn(file, missing, find)
    expect(imports.nameIn(file, missing, find)).toBe(missing)
  })

  it('are found anew where the code has changed', () => {
    const imports = new FoundImports()
    imports.nameIn(file, code, find)
    imports.nameIn(file, code, find)
    const edited = 'var _shop = await jitiImport("./shop.ts");'
    expect(imports.nameIn(file, edited, find)).toBe(edited)
    expect(imports.nameIn(file, edited, find)).toBe(`var _shop = await jitiImport(${shop});`)
  })
})
