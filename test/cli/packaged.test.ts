/** Scenarios that come with an installed package are loaded as the user's own are: none inherits another's state. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos, main, root } from '../support/cli/command.js'

/** Works only where no other scenario has been loaded into the same modules. */
const scenario = (name: string) => `
import { defineScenario, say, script } from 'agent-chaos'
import { loaded } from './loaded.js'

loaded.push('${name}')

export default defineScenario({
  name: '${name}',
  task: 'Be alone.',
  world: () => ({ tools: { look: async () => 'nobody' } }),
  model: script([say('unused')]),
  agent: ({ tools }: { readonly tools: { look(): Promise<string> } }) => tools.look().catch(() => 'nobody'),
  goal: () => loaded.length === 1,
})
`

describe('scenarios in an installed package', () => {
  it('do not see what those before them left in the modules that they share', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'agent-chaos-packaged-'))
    const folder = join(cwd, 'node_modules/@shop/chaos/scenarios')
    mkdirSync(folder, { recursive: true })
    symlinkSync(root, join(cwd, 'node_modules/agent-chaos'))
    writeFileSync(join(folder, 'loaded.ts'), 'export const loaded: string[] = []\n')
    const files = ['a', 'b', 'c'].map((name) => {
      writeFileSync(join(folder, `${name}.chaos.ts`), scenario(name))
      return join(folder, `${name}.chaos.ts`)
    })
    const { stdout } = await agentChaos(['run', ...files, '--workers', '1', '--json', '-'], { cwd })
    const { scenarios } = JSON.parse(stdout) as Report
    expect(scenarios.map(({ name, baseline }) => [name, baseline?.goal])).toEqual([
      ['a', true],
      ['b', true],
      ['c', true],
    ])
  })
})

describe('the published package', () => {
  it('runs nothing when it is installed', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([])
  })

  it('says which Node it needs, and refuses an older one by it', () => {
    const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { engines: { node: string } }
    const old = "Object.defineProperty(process.versions, 'node', { value: '20.19.9' })"
    const ran = spawnSync(process.execPath, ['--import', `data:text/javascript,${old}`, main, '--version'], {
      encoding: 'utf8',
    })
    expect([ran.status, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toBe(`agent-chaos cannot be loaded: expected Node 20.20 or later, got ${process.version}\n`)
    expect(engines.node).toBe('>=20.20')
  })
})
