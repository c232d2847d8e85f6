/** Looks for what the user's environment holds in everything that a run leaves behind. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { reporters } from '../../reports/index.js'
import { agentChaos } from './command.js'

const leaky = 'test/fixtures/leaky/leaky.chaos.ts'
const secret = 'pay-"4711"-0815'
const options = { env: { PAYMENTS_KEY: secret } }
const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-'))
const file = (name: string) => join(folder, name)

afterAll(() => rmSync(folder, { recursive: true }))

/** In any depth of JSON. */
const traces = [/4711/, /correct horse/]

describe('a secret of the environment', () => {
  it('stands in no output of a run, and a mark stands in its place', async () => {
    const written = reporters.map(({ name }) => `${name}=${file(name)}`).join(',')
    const { code, stdout, stderr } = await agentChaos(['run', leaky, '--verbose', '--reporter', written], options)
    expect(code).toBe(1)
    const files = readdirSync(folder).map((name) => [name, readFileSync(file(name), 'utf8')] as const)
    expect(files.map(([name]) => name)).toEqual(reporters.map(({ name }) => name).sort())
    for (const [name, text] of [...files, ['stdout', stdout], ['stderr', stderr]] as const) {
      for (const trace of traces) expect(text, name).not.toMatch(trace)
      if (name !== 'stderr') expect(text, name).toContain('[redacted]')
    }
  })

  it('stands in no output of a selftest that takes the agent for a correct one', async () => {
    const report = file('selftest.json')
    const { code, stdout, stderr } = await agentChaos(['selftest', leaky, '--trials', '20', '--json', report], options)
    expect(code, stderr).toBe(1)
    for (const text of [readFileSync(report, 'utf8'), stdout, stderr]) {
      for (const trace of traces) expect(text).not.toMatch(trace)
    }
    expect(stdout).toContain('No luck with [redacted].')
  })

  it('stands in no output of a replay', async () => {
    const plan = ['--plan', 'tool:put#1=tool/bad-request']
    const shown = await agentChaos(['replay', leaky, ...plan], options)
    const written = await agentChaos(['replay', leaky, ...plan, '--json', '-'], options)
    const wire = await agentChaos(['replay', leaky, ...plan, '--wire', '-'], options)
    for (const trace of traces) expect(wire.stdout).not.toMatch(trace)
    expect(wire.stdout).toContain('[redacted]')
    for (const text of [shown.stdout, written.stdout]) {
      for (const trace of traces) expect(text).not.toMatch(trace)
      expect(text).toContain('No luck with [redacted].')
    }
  })
})
