/** A configuration as a user writes it, typed and beside the scenarios, read by the built command from a folder below. */
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos, root } from './command.js'

let folder: string

const inFolder = (below: string, ...args: string[]) => agentChaos(args, { cwd: join(folder, below) })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-config-'))
  await mkdir(join(folder, 'node_modules'))
  await mkdir(join(folder, 'src'))
  await symlink(root, join(folder, 'node_modules', 'agent-chaos'))
  await symlink(join(root, 'test/fixtures/measured'), join(folder, 'agents'))
  writeFileSync(
    join(folder, 'agent-chaos.config.ts'),
    `import { type Config, defineConfig } from 'agent-chaos'

const seed: Config['seed'] = 5

export default defineConfig({
  paths: ['agents/gives-up.chaos.ts'],
  seed,
  measure: false,
  json: 'report.json',
})
`,
  )
})

describe('a typed configuration', () => {
  it('holds for a run from a folder below, and writes beside itself', async () => {
    const { code, stdout, stderr } = await inFolder('src', 'run')
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('1 of 1 scenario passed')
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report
    expect([report.seed, report.options?.measure, report.scenarios[0]?.measure]).toEqual([5, false, null])
  })

  it('gives way to the command line', async () => {
    const { code, stdout } = await inFolder('.', 'run', '--measure', '--seed', '6', '--json', 'other.json')
    expect(code).toBe(1)
    expect(stdout).toContain('not reliable enough')
    expect((JSON.parse(readFileSync(join(folder, 'other.json'), 'utf8')) as Report).seed).toBe(6)
  })

  it('is shown line by line', async () => {
    const { code, stdout } = await inFolder('src', 'run', '--print-config', '--seed', '6')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^paths +\["\.\.\/agents\/gives-up\.chaos\.ts"\] +\.\.\/agent-chaos\.config\.ts:6$/m)
    expect(stdout).toMatch(/^measure +false +\.\.\/agent-chaos\.config\.ts:8$/m)
    expect(stdout).toMatch(/^seed +6 +command line$/m)
  })

  it('is left alone on request', async () => {
    const { code, stdout } = await inFolder('.', 'run', 'agents/gives-up.chaos.ts', '--no-config', '--no-measure')
    expect(code).toBe(0)
    expect(stdout).toContain('seed 1')
  })
})
