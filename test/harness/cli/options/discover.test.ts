/** From paths to scenario files: files as they are, folders searched, globs expanded, each file once. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { discover } from '../../../../harness/cli/options/discover.js'
import { invoke } from '../../../fixtures/cli/command-line.js'
import { report } from '../../../fixtures/cli/report.js'

let cwd = ''

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'agent-chaos-discover-'))
})

afterEach(() => rmSync(cwd, { recursive: true, force: true }))

function make(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true })
    writeFileSync(join(cwd, file), '')
  }
}

async function discoverIn(...paths: string[]): Promise<string[]> {
  const { files } = await discover({ paths }, cwd)
  return files.map((file) => relative(cwd, file))
}

describe('discover', () => {
  it('looks in scenarios/ where there is one', async () => {
    make('scenarios/a.chaos.ts', 'other/b.chaos.ts')

    expect(await discoverIn()).toEqual(['scenarios/a.chaos.ts'])
  })

  it('takes a backslash for a slash where it parts folders', async () => {
    make('scenarios/a.chaos.ts', 'scenarios/b.chaos.ts')
    const paths = ['scenarios\\*.chaos.ts']
    expect((await discover({ paths }, cwd, '\\')).files).toHaveLength(2)
    await expect(discover({ paths }, cwd, '/')).rejects.toThrow('no such file or folder')
  })

  it('looks everywhere where there is no scenarios/', async () => {
    make('deep/er/a.chaos.ts', 'b.chaos.js')

    expect(await discoverIn()).toEqual(['b.chaos.js', 'deep/er/a.chaos.ts'])
  })

  it('knows scenarios by their names, in every kind of script', async () => {
    const scripts = ['a.chaos.cjs', 'a.chaos.cts', 'a.chaos.js', 'a.chaos.mjs', 'a.chaos.mts', 'a.chaos.ts']
    make(...scripts, 'a.ts', 'a.chaos.json', 'a.chaos.d.ts', 'chaos.ts')

    expect(await discoverIn('.')).toEqual(scripts)
  })

  it('leaves node_modules out', async () => {
    make('a.chaos.ts', 'node_modules/x/b.chaos.ts', 'packages/y/node_modules/z/c.chaos.ts')

    expect(await discoverIn('.')).toEqual(['a.chaos.ts'])
  })

  // Without the links of its processes a search of the whole disk ends. It has these folders on Linux alone.
  it.runIf(existsSync('/proc/self/root'))('does not search what the kernel shows as folders', async () => {
    const found = await discover({ paths: ['/proc/self/task', '/sys/kernel', '/dev'] }, cwd)
    expect(found.files).toEqual([])
    expect(found.empty).toHaveLength(3)
  })

  it('takes a file that is named for what it is, whatever it is called', async () => {
    make('odd [name].ts')

    expect(await discoverIn('odd [name].ts')).toEqual(['odd [name].ts'])
  })

  it('expands globs, and names each file once', async () => {
    make('a/x.chaos.ts', 'b/y.chaos.ts')

    expect(await discoverIn('*/*.chaos.ts', 'a', 'b/y.chaos.ts')).toEqual(['a/x.chaos.ts', 'b/y.chaos.ts'])
  })

  it('says which of several paths held nothing', async () => {
    make('a/x.chaos.ts', 'b/readme.md')

    expect((await discover({ paths: ['a', 'b'] }, cwd)).empty).toEqual([
      'nothing in b matches **/*.chaos.?(c|m)[jt]s?(x)',
    ])
  })
})

describe('a run that finds no scenarios', () => {
  it('is a mistake', async () => {
    expect(await invoke(['run'], { files: [] })).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'agent-chaos: no scenarios found: nothing in . matches **/*.chaos.?(c|m)[jt]s?(x). ' +
        'agent-chaos init writes a first one, and agent-chaos doctor tells what is in the way\n',
    })
  })

  it('passes where it was said that it may happen', async () => {
    const runCampaign = async () => report({ scenarios: [], verdict: 'inconclusive', exitCode: 3 })
    const { code, stdout } = await invoke(['run', '--pass-with-no-scenarios'], { files: [], campaign: { runCampaign } })

    expect(code).toBe(0)
    expect(stdout).toContain('✔ passed · 0 of 0 scenarios passed')
  })
})
