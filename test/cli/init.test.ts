/** Proves that a stranger comes from an empty project to a first true violation in two commands, whatever its modules are. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { agentChaos, root, withoutPage } from '../support/cli/command.js'

function project(files: Readonly<Record<string, string>>): string {
  const cwd = mkdtempSync(join(tmpdir(), 'agent-chaos-init-'))
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(root, join(cwd, 'node_modules/agent-chaos'))
  symlinkSync(join(root, 'node_modules/@types'), join(cwd, 'node_modules/@types'))
  mkdirSync(join(cwd, 'src'))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(cwd, file), text)
  return cwd
}

const read = (cwd: string, file: string) => readFileSync(join(cwd, file), 'utf8')

const projects = [
  ['ESM in TypeScript', { 'package.json': '{"type":"module"}', 'tsconfig.json': '{}', 'src/agent.ts': '' }, 'ts'],
  ['CommonJS in TypeScript', { 'package.json': '{"devDependencies":{"typescript":"^5","jest":"^30"}}' }, 'ts'],
  ['ESM in JavaScript', { 'package.json': '{"type":"module"}' }, 'mjs'],
  ['CommonJS in JavaScript', { 'package.json': '{"scripts":{"test":"mocha"}}', 'src/agent.js': '' }, 'mjs'],
] as const

describe.each(projects)('a project of %s', (_, files, ending) => {
  it('has a scenario that runs and finds a bug', async () => {
    const cwd = project(files)
    const made = await agentChaos(['init'], { cwd })
    const ran = await agentChaos(['run', '--trials-max', '60', '--json', 'report.json'], { cwd })
    expect([made.stderr, made.code]).toEqual(['', 0])
    expect(made.stdout).toContain(`scenarios/first.chaos.${ending}`)
    expect([ran.code, ran.stderr], ran.stdout).toEqual([1, expect.any(String)])
    expect(ran.stdout).toContain('first broke effects-exactly-once')
    expect(JSON.parse(read(cwd, 'package.json'))).toMatchObject({
      ...JSON.parse(files['package.json']),
      scripts: { chaos: 'agent-chaos run' },
    })
    const scenario = read(cwd, `scenarios/first.chaos.${ending}`)
    expect(scenario.includes('../src/agent.js')).toBe('src/agent.ts' in files || 'src/agent.js' in files)
  })
})

describe('init', () => {
  it('takes a package.json as an editor on Windows writes it, and leaves its line ends as they are', async () => {
    const cwd = project({ 'package.json': '\uFEFF{\r\n    "type": "module"\r\n}\r\n' })
    const { code, stderr } = await agentChaos(['init', '--yes'], { cwd })
    expect([code, stderr]).toEqual([0, ''])
    expect(read(cwd, 'package.json')).toBe(
      '{\r\n    "type": "module",\r\n    "scripts": {\r\n        "chaos": "agent-chaos run"\r\n    }\r\n}\r\n',
    )
  })

  it('writes what compiles', async () => {
    const cwd = project({ 'package.json': '{"type":"module"}', 'tsconfig.json': '{}' })
    await agentChaos(['init'], { cwd })
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--ignoreConfig',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--types',
      'node',
    ]
    const { stdout } = spawnSync(process.execPath, [compiler, ...options, 'scenarios/first.chaos.ts'], {
      cwd,
      encoding: 'utf8',
    })
    expect(stdout).toBe('')
  })

  it('writes nothing where a file is there, unless it is told to write over it', async () => {
    const cwd = project({ 'package.json': '{}', 'agent-chaos.config.json': '{"seed":7}' })
    const refused = await agentChaos(['init'], { cwd })
    expect([refused.code, withoutPage(refused.stderr)]).toEqual([
      2,
      'agent-chaos: agent-chaos.config.json is there already: --force writes over\n',
    ])
    expect([existsSync(join(cwd, 'scenarios')), read(cwd, 'package.json')]).toEqual([false, '{}'])
    expect((await agentChaos(['init', '--force'], { cwd })).code).toBe(0)
    expect(read(cwd, 'agent-chaos.config.json')).toContain('config.schema.json')
  })

  it('leaves a configuration in code, and a script of the same name, as they are', async () => {
    const own = '{"scripts":{"chaos":"mine"}}'
    const cwd = project({ 'package.json': own, 'agent-chaos.config.mjs': 'export default { seed: 7 }' })
    expect((await agentChaos(['init'], { cwd })).code).toBe(0)
    expect([read(cwd, 'package.json'), existsSync(join(cwd, 'agent-chaos.config.json'))]).toEqual([own, false])
  })

  it('writes a workflow where it is asked to, which runs what it wrote', async () => {
    const cwd = project({ 'package.json': '{}' })
    const { code, stdout } = await agentChaos(['init', '--yes', '--workflow'], { cwd })
    expect([code, stdout]).toEqual([0, expect.stringContaining('.github/workflows/chaos.yml')])
    const workflow = parse(read(cwd, '.github/workflows/chaos.yml')) as {
      jobs: { chaos: { steps: { uses?: string }[] } }
    }
    expect(workflow.jobs.chaos.steps.map(({ uses }) => uses)).toContain('agent-chaos/agent-chaos@v0')
  })

  it.each([
    [
      { devDependencies: { jest: '^30' } },
      {},
      "in a test of Jest: await assertResilient(require.resolve('./scenarios/first.chaos.mjs'))",
    ],
    [
      { type: 'module', devDependencies: { mocha: '^12' } },
      {},
      "await assertResilient(new URL('./scenarios/first.chaos.mjs', import.meta.url))",
    ],
    [{ scripts: { test: 'node --test' } }, {}, 'node:test'],
    [{}, { 'bun.lock': '' }, 'in a test of Bun'],
    [{ dependencies: { openai: '^6' } }, {}, 'JavaScript, openai; no file looks like it'],
    [
      { dependencies: { ai: '^6' } },
      { 'src/chat.js': "import { generateText } from 'ai'\n" },
      'JavaScript, ai; the agent may be src/chat.js',
    ],
  ])('sees what there is: %j %j', async (manifest, files, said) => {
    const cwd = project({ 'package.json': JSON.stringify(manifest), ...files })
    expect((await agentChaos(['init'], { cwd })).stdout).toContain(said)
  })

  it('says what is missing where there is no project', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'agent-chaos-init-'))
    const { code, stderr } = await agentChaos(['init'], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining('init needs a package.json in this folder')])
  })
})
