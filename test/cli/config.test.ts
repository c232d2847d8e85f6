/** A configuration as a user writes it, typed and beside the scenarios, read by the built command from a folder below. */
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos, root } from '../support/cli/command.js'

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
    expect(stdout).toContain('reliability missed')
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

describe('providers and endpoints in a configuration', () => {
  let own: string
  const inOwn = (...args: string[]) => agentChaos(args, { cwd: own })
  const write = (text: string) => writeFileSync(join(own, 'agent-chaos.config.ts'), text)

  beforeAll(async () => {
    own = await mkdtemp(join(tmpdir(), 'agent-chaos-config-'))
    await mkdir(join(own, 'node_modules'))
    await symlink(root, join(own, 'node_modules', 'agent-chaos'))
    writeFileSync(
      join(own, 'echo.chaos.ts'),
      `import { defineScenario, say, script } from 'agent-chaos'

// Made when the module loads, as clients often are.
const key = process.env.ECHO_KEY

export default defineScenario({
  name: 'echo',
  task: 'Say it.',
  model: script([say('It.')]),
  agent: async ({ endpoints, fetch }) => {
    const { baseURL, apiKey } = endpoints.echo ?? { baseURL: '', apiKey: '' }
    if (key !== apiKey) throw new Error('the key is ' + key)
    const headers = { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' }
    const messages = [{ role: 'user', content: 'Say it.' }]
    const body = JSON.stringify({ model: 'echo-1', max_tokens: 9, messages })
    const answer = await fetch(baseURL + '/messages', { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(await answer.text())
    return baseURL
  },
  goal: ({ result }) => result === 'https://gateway.example/echo',
  budget: { spend: { usd: 1 } },
})
`,
    )
  })

  const provider = `const echo = {
  ...anthropic,
  name: 'echo',
  environment: { ...anthropic.environment, keyIn: ['ECHO_KEY'], baseURLIn: [] },
  prices: { asOf: '2026-01-01', models: { 'echo-': { input: 1, output: 1 } } },
}
`

  it('hold in the processes that run the trials, from the moment that modules load', async () => {
    write(`import { anthropic, defineConfig } from 'agent-chaos'

${provider}
export default defineConfig({
  providers: [echo],
  endpoints: { echo: { baseURL: 'https://gateway.example/echo' } },
})
`)
    const run = await inOwn('run', 'echo.chaos.ts', '--trials-max', '3')
    expect(run.code, run.stdout + run.stderr).toBe(0)
    const replay = await inOwn('replay', 'echo.chaos.ts', '--json', '-')
    expect(replay.code, replay.stderr).toBe(0)
    expect(JSON.parse(replay.stdout)).toMatchObject({ trace: { goal: true, claim: 'success' } })
    const without = await inOwn('run', 'echo.chaos.ts', '--no-config')
    expect(without.code).not.toBe(0)
  })

  it('are refused with the line where they are wrong', async () => {
    write(`import { anthropic, defineConfig } from 'agent-chaos'

${provider}
export default defineConfig({
  providers: [echo],
  endpoints: { ecco: { baseURL: 'https://gateway.example/echo' } },
})
`)
    const { code, stdout, stderr } = await inOwn('run', 'echo.chaos.ts')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe(
      'agent-chaos: agent-chaos.config.ts:12: endpoints: no provider is called "ecco" (echo, anthropic, openai, gemini). Did you mean "echo"?\n' +
        `Read more in ${join(root, 'docs/guides/configuration.md')}\n`,
    )
  })
})
