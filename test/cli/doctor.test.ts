/** Proves that the doctor tells what is in the way, of the machine, the project and each scenario, and goes on after each. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstScenario } from '../../harness/cli/init/first-scenario.js'
import { agentChaos, root } from '../support/cli/command.js'

const first = firstScenario({ typescript: false, agent: undefined })

function project(files: Readonly<Record<string, string>>): string {
  const cwd = mkdtempSync(join(tmpdir(), 'agent-chaos-doctor-'))
  for (const [file, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true })
    writeFileSync(join(cwd, file), text)
  }
  if (files['node_modules/.absent'] === undefined) {
    mkdirSync(join(cwd, 'node_modules'), { recursive: true })
    symlinkSync(root, join(cwd, 'node_modules/agent-chaos'))
  }
  return cwd
}

const examine = async (files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) => {
  const { code, stdout, stderr } = await agentChaos(['doctor'], { cwd: project(files), env })
  expect(stderr).toBe('')
  return { code, said: stdout.replace(/\n +/g, ' ') }
}

describe('a project in which nothing is in the way', () => {
  it('is told so, with what there is', async () => {
    const { code, said } = await examine({ 'scenarios/first.chaos.mjs': first })
    expect([code, said]).toEqual([0, expect.stringContaining('✔ first works without faults')])
    expect(said).toContain(`✔ Node ${process.version}`)
    expect(said).toContain('✔ package.json: ESM, JavaScript')
    expect(said).not.toContain('✖')
  })
})

describe('what is in the way', () => {
  it('is told of a machine, a project and a configuration at once', async () => {
    const { code, said } = await examine(
      {
        'node_modules/.absent': '',
        'package.json': '{"type":"module","devDependencies":{"jest":"^30"}}',
        'agent-chaos.config.json': '{"trialsMin":7}',
      },
      { NODE_OPTIONS: '--require ./hooks.cjs'.replace('./hooks.cjs', 'node:fs') },
    )
    expect(code).toBe(2)
    expect(said).toContain('NODE_OPTIONS loads modules into every worker process')
    expect(said).toContain('✖ agent-chaos is not installed in this project: npm install --save-dev agent-chaos')
    expect(said).toContain('in a test of Jest')
    expect(said).toContain(
      '✖ agent-chaos.config.json:1: a configuration has no option "trialsMin". Did you mean "trialsMax"?',
    )
  })

  it('is told of each scenario: what does not load, does not work, is bypassed or reaches out', async () => {
    const { code, said } = await examine({
      'a.chaos.mjs': 'export default 7\n',
      'b.chaos.mjs': first
        .replace("name: 'first'", "name: 'broken'")
        .replace('state.refunded === 4200', 'state.refunded === 1'),
      'c.chaos.mjs': first
        .replace("name: 'first'", "name: 'bypass'")
        .replace(
          /agent: async[\s\S]*?\n {2}\},\n/,
          "agent: ({ tools }) => tools.refund({ orderId: '42', cents: 4200 }),\n",
        ),
      'd.chaos.mjs': first
        .replace("name: 'first'", "name: 'reaches'")
        .replace(
          'const messages',
          "await fetch('https://flags.example.com/all').catch(() => undefined)\n    const messages",
        ),
      'e.chaos.mjs': `setInterval(() => {}, 60_000)\n${first.replace("name: 'first'", "name: 'busy'")}`,
    })
    expect(code).toBe(2)
    expect(said).toContain('✔ 5 scenario files')
    expect(said).toMatch(/✖ .*expected a default export made by defineScenario\(\), got a value of type number/)
    expect(said).toMatch(/✖ broken \(b\.chaos\.mjs\) .*without any fault, the goal is not reached/)
    expect(said).toMatch(/✖ bypass \(c\.chaos\.mjs\) .*the agent never called the simulated model/)
    expect(said).toMatch(/✔ reaches works without faults .*flags\.example\.com/)
    expect(said).toMatch(/✔ busy works without faults .*its modules go on by themselves/)
  })

  it('is told where there is no scenario yet', async () => {
    const { code, said } = await examine({})
    expect([code, said]).toEqual([2, expect.stringContaining('✖ no scenarios found')])
    expect(said).toContain('agent-chaos init writes a first one')
  })
})

describe('a run without scenarios', () => {
  it('names both what writes one and what tells what is in the way', async () => {
    const { code, stderr } = await agentChaos(['run'], { cwd: project({}) })
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('agent-chaos init writes a first one, and agent-chaos doctor tells'),
    ])
  })
})
