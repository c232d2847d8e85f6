/** Two runs compared as a user compares them: on the same agent, on one that got worse, and what cannot be compared. */
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Comparison } from '../../harness/contracts/report/comparison.js'
import { agentChaos, root, shell, withoutPage } from '../support/cli/command.js'

let folder: string

const scenario = (agent: string, name = 'payout') => `
import { defineScenario, say, script } from 'agent-chaos'

export default defineScenario({
  name: '${name}',
  task: 'Pay, and look it up.',
  state: () => ({ paid: 0 }),
  world: ({ state, effect }) => ({
    tools: {
      pay: async () => effect({ kind: 'pay', intent: '1' }, () => { state.paid++ }),
      look: async () => 'paid',
    },
  }),
  model: script([say('unused')]),
  agent: async ({ tools }) => {
    ${agent}
    return 'done'
  },
  goal: ({ result }) => result === 'done',
  intents: [{ kind: 'pay', id: '1' }],
  faults: ['tool/unavailable', 'tool/reply-lost'],
  budget: { reliability: 0.7, aim: 0.9, faultRate: 0.2, spend: { seconds: 60 } },
})
`
const careful = `await tools.pay(); await tools.look().catch(() => tools.look())`
const careless = `await tools.pay().catch(() => tools.pay()); await tools.look(); await tools.look()`

const inFolder = (...args: string[]) => agentChaos(args, { cwd: folder })
const measure = (...args: string[]) => inFolder('run', '--gate', 'fixed', ...args)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-compare-'))
  await mkdir(join(folder, 'node_modules'))
  await mkdir(join(folder, 'scenarios'))
  await symlink(root, join(folder, 'node_modules', 'agent-chaos'))
  const put = (agent: string) => writeFileSync(join(folder, 'scenarios/payout.chaos.ts'), scenario(agent))
  put(careful)
  await measure('--json', 'base.json')
  await measure('--json', 'again.json')
  put(careless)
  await measure('--json', 'head.json')
  await measure('--seed', '2', '--json', 'seed.json')
  await inFolder('run', '--shard', '1/2', '--json', 'shard.json')
})

describe('agent-chaos compare', () => {
  it('finds nothing between two runs of one agent, and exits with 0', async () => {
    const { code, stdout, stderr } = await inFolder('compare', 'base.json', 'again.json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('✔ no regression · 1 scenario · violations: 0 new, 0 fixed, 0 persisting')
  })

  it('tells what got worse, exits with 1, and gives it as data', async () => {
    const { code, stdout } = await inFolder('compare', 'base.json', 'head.json', '--json', 'comparison.json')
    expect(code).toBe(1)
    expect(stdout).toContain('✖ payout: effects-exactly-once is violated, and was not before')
    const written = JSON.parse(readFileSync(join(folder, 'comparison.json'), 'utf8')) as Comparison
    expect(written).toMatchObject({ format: 'agent-chaos/comparison', verdict: 'regression', exitCode: 1 })
    expect(written.scenarios[0]?.reliability?.kind).toBe('paired')
    expect(written.because[0]).toBe('payout: newly violated: effects-exactly-once')
  })

  it('prints commands that show the new violation', async () => {
    const { stdout } = await inFolder('compare', 'base.json', 'head.json')
    const commands = stdout.split('\n').filter((line) => line.startsWith('npx agent-chaos replay'))
    expect(commands.length).toBeGreaterThan(0)
    for (const command of commands) {
      const replayed = await shell(command, { cwd: folder })
      expect(replayed.code, replayed.stderr).toBe(1)
      expect(replayed.stdout).toContain('effects-exactly-once: violated')
    }
  })

  it('tells what is fixed the other way round, and exits with 0', async () => {
    const { code, stdout } = await inFolder('compare', 'head.json', 'base.json')
    expect(code).toBe(0)
    expect(stdout).toContain('✔ payout: effects-exactly-once is not violated any more')
  })

  it('compares runs of other seeds by what they say, and says so', async () => {
    const { code, stdout } = await inFolder('compare', 'base.json', 'seed.json')
    expect(code).toBe(1)
    expect(stdout).toContain('the seeds differ, 1 and 2: no trial has its counterpart')
  })

  it('is as the help shows it', async () => {
    const help = await agentChaos(['compare', '--help'])
    const examples = [...help.stdout.matchAll(/^ {2}agent-chaos (.+?)(?: {3,}.*)?$/gm)].map(([, line = '']) => line)
    const compared = examples.filter((line) => line.startsWith('compare'))
    expect([examples.length, compared.length]).toEqual([4, 2])
    for (const line of compared) expect((await inFolder(...line.split(' '))).code).toBe(1)
  })

  it('prints no control sequence into a pipe, and JSON alone where that is asked for', async () => {
    const { stdout, stderr } = await inFolder('compare', 'base.json', 'head.json', '--json', '-')
    expect((JSON.parse(stdout) as Comparison).verdict).toBe('regression')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/)
    expect(stderr).toContain('✖ regression')
  })

  it.each([
    [['base.json', 'shard.json'], 'agent-chaos: shard.json: this is shard 1 of 2: merge the shards first\n'],
    [['none.json', 'head.json'], 'agent-chaos: none.json: no such file\n'],
    [['base.json', 'node_modules'], 'agent-chaos: node_modules: a report is expected, and this is a folder\n'],
    [['base.json'], 'agent-chaos: missing required argument "head". See agent-chaos compare --help\n'],
  ])('%j is refused in one line', async (files, message) => {
    const { code, stdout, stderr } = await inFolder('compare', ...files)
    expect({ code, stdout, stderr: withoutPage(stderr) }).toEqual({ code: 2, stdout: '', stderr: message })
  })
})
