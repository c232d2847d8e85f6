/** Proves that a scenario travels by package, path and bytes: found again elsewhere, and never mistaken for another. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileOf, sourceOf } from '../../../harness/define/source.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-chaos-source-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, text: string): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

/** The same package twice, as two machines have it. */
function twoMachines(): { readonly here: string; readonly there: string } {
  for (const machine of ['here', 'there/checkout']) {
    write(`${machine}/package.json`, '{ "name": "shop" }')
    write(`${machine}/scenarios/refund.chaos.ts`, 'export default 1\n')
  }
  return { here: join(folder, 'here'), there: join(folder, 'there/checkout') }
}

describe('a source', () => {
  it.each(['two\nlines', 'steers\u001b[2J', 'turns\u202eround', 'hides\u200b'])(
    'is no path that cannot be typed: %j',
    (name) => {
      const file = write(`${name}.chaos.ts`, 'export default 1\n')
      expect(() => sourceOf(folder, file)).toThrow(
        'expected no control characters and no marks that nobody sees, got "',
      )
      // What stands above is typed by nobody.
      const above = join(folder, name)
      expect(sourceOf(above, write(`${name}/plain.chaos.ts`, '')).file).toBe('plain.chaos.ts')
    },
  )

  it('says nothing of the machine that it was made on', () => {
    const { here, there } = twoMachines()
    const source = sourceOf(here, join(here, 'scenarios/refund.chaos.ts'))
    expect(source).toEqual({
      package: 'shop',
      file: 'scenarios/refund.chaos.ts',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(sourceOf(there, 'scenarios/refund.chaos.ts')).toEqual(source)
    expect(JSON.stringify(source)).not.toContain(folder)
  })

  it('is found where the same package is', () => {
    const { here, there } = twoMachines()
    expect(fileOf(there, sourceOf(here, 'scenarios/refund.chaos.ts'))).toBe(join(there, 'scenarios/refund.chaos.ts'))
  })

  it('is refused where the file has changed, is of another package, or is not there', () => {
    const { here, there } = twoMachines()
    const source = sourceOf(here, 'scenarios/refund.chaos.ts')
    write('there/checkout/scenarios/refund.chaos.ts', 'export default 2\n')
    expect(() => fileOf(there, source)).toThrow('it has changed since the run began')
    write('there/checkout/package.json', '{ "name": "other" }')
    expect(() => fileOf(there, source)).toThrow('expected a file of the package shop, got one of the package other')
    expect(() => fileOf(here, { ...source, file: 'scenarios/gone.chaos.ts' })).toThrow('it cannot be read')
  })
})
