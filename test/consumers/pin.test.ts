/** Proves that a test which `pin` writes runs in the runner of its project: it fails for the agent, and passes once that is repaired. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { firstScenario } from '../../harness/cli/init/first-scenario.js'
import { commandOf, projectWith, run } from './project.js'

const plan = 'tool:refund#1 = tool/reply-lost'
const once = '.catch(() => tools.refund(asked.input)) // just once more'
const jestEsm = ['--experimental-vm-modules']

it.each([
  ['jest', 'commonjs', 'js', []],
  ['jest', 'module', 'js', jestEsm],
  ['mocha', 'commonjs', 'js', []],
  ['mocha', 'module', 'js', []],
  ['vitest', 'module', 'mjs', []],
  ['node', 'module', 'mjs', []],
] as const)('%s, %s', async (runner, type, ending, flags) => {
  const devDependencies = runner === 'node' ? {} : { [runner]: '*' }
  const cwd = projectWith({
    'package.json': JSON.stringify({ name: 'shop', private: true, type, devDependencies, jest: { transform: {} } }),
    'scenarios/first.chaos.mjs': firstScenario({ typescript: false, agent: undefined }),
  })
  const given = runner === 'node' ? ['--runner', 'node'] : []
  const scenario = 'scenarios/first.chaos.mjs'
  const made = await run(cwd, process.execPath, [
    commandOf(cwd, 'agent-chaos'),
    'pin',
    scenario,
    '--plan',
    plan,
    ...given,
  ])
  const [, file = ''] = /^agent-chaos: (\S+) holds (.*)$/m.exec(made.stdout) ?? []
  expect([file, made.stderr]).toEqual([expect.stringMatching(new RegExp(`\\.test\\.${ending}$`)), ''])
  const command = {
    jest: () => [commandOf(cwd, 'jest'), '--testMatch', `**/*.test.${ending}`],
    mocha: () => [commandOf(cwd, 'mocha'), file],
    vitest: () => [commandOf(cwd, 'vitest'), 'run'],
    node: () => ['--test', file],
  }[runner]
  const test = () => run(cwd, process.execPath, [...flags, ...command()])
  const broken = await test()
  expect([broken.code === 0, `${broken.stdout}${broken.stderr}`]).toEqual([
    false,
    expect.stringMatching(/(?:no-invented-success|effects-exactly-once)(?:: \{| is violated)/),
  ])
  const path = join(cwd, scenario)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(once)
  const repaired = text
    .replace(once, ".catch(() => 'the refund may have gone through')")
    .replace("return 'Refunded.'", "return { claim: 'failure', text: 'unsure' }")
  writeFileSync(path, repaired)
  const after = await test()
  expect(after.code, after.stdout + after.stderr).toBe(0)
})
