/** Looks for what the user's environment holds in everything that a run leaves behind. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { reporters } from '../../reports/index.js'
import { agentChaos } from '../support/cli/command.js'

const leaky = 'test/fixtures/leaky/leaky.chaos.ts'
const secret = 'pay-"4711"-0815'
const options = { env: { PAYMENTS_KEY: secret } }
const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-'))
const file = (name: string) => join(folder, name)

afterAll(() => rmSync(folder, { recursive: true }))

/** In any depth of JSON. */
const traces = [/4711/, /0815/, /correct horse/]

function expectNoTrace(text: string, name?: string): void {
  for (const trace of traces) expect(text, name).not.toMatch(trace)
}

describe('a secret of the environment', () => {
  it('stands in no output of a run, and a mark stands in its place', async () => {
    const written = reporters.map(({ name }) => `${name}=${file(name)}`).join(',')
    const { code, stdout, stderr } = await agentChaos(['run', leaky, '--verbose', '--reporter', written], options)
    expect(code).toBe(1)
    const files = readdirSync(folder).map((name) => [name, readFileSync(file(name), 'utf8')] as const)
    expect(files.map(([name]) => name)).toEqual(reporters.map(({ name }) => name).sort())
    for (const [name, text] of [...files, ['stdout', stdout], ['stderr', stderr]] as const) {
      expectNoTrace(text, name)
      if (name !== 'stderr' && name !== 'badge') expect(text, name).toContain('[redacted]')
    }
  })

  it('stands in no output of a selftest that takes the agent for a correct one', async () => {
    const report = file('selftest.json')
    const { code, stdout, stderr } = await agentChaos(['selftest', leaky, '--trials', '20', '--json', report], options)
    expect(code, stderr).toBe(1)
    for (const text of [readFileSync(report, 'utf8'), stdout, stderr]) expectNoTrace(text)
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
      expectNoTrace(text)
      expect(text).toContain('No luck with [redacted].')
    }
  })

  it('stands in nothing that is made of a report which was written where it was none', async () => {
    const report = file('open.json')
    await agentChaos(['run', leaky, '--json', report], options)
    const open = JSON.stringify(secret).slice(1, -1)
    writeFileSync(report, readFileSync(report, 'utf8').replaceAll('[redacted]', open))
    for (const args of [
      ['report', report, '--reporter', 'markdown=-'],
      ['compare', report, report],
    ]) {
      const hidden = await agentChaos(args, options)
      expectNoTrace(hidden.stdout + hidden.stderr, args[0])
    }
    const shown = await agentChaos(['report', report, '--reporter', 'markdown=-'])
    expect(shown.stdout).toContain('4711')
  })

  it('stands in no message of a command that fails', async () => {
    const { code, stderr } = await agentChaos(['run', secret], options)
    expect(code).toBe(2)
    expect(stderr).toContain('[redacted]')
    expectNoTrace(stderr)
  })
})

describe.each([
  ['reads from a file when it loads', 'on-load'],
  ['reads from a file when its agent runs', 'in-agent'],
])('a secret that a scenario %s', (_, name) => {
  const path = `test/fixtures/dotenv/${name}.chaos.ts`
  const plan = ['--plan', 'tool:put#1 = tool/duplicate']

  it.each([
    ['list', ['list', path]],
    ['run', ['run', path]],
    ['selftest', ['selftest', path, '--trials', '20']],
    ['replay', ['replay', path, ...plan]],
  ])('stands in no output of %s', async (command, args) => {
    const json = file(`${name}-${command}.json`)
    const shown = await agentChaos(args)
    const written = await agentChaos([...args, '--json', json])
    for (const text of [shown.stdout, written.stdout, readFileSync(json, 'utf8')]) {
      expectNoTrace(text)
      expect(text).toContain('entry of [redacted] or [redacted]')
    }
    expectNoTrace(shown.stderr + written.stderr)
  })
})

describe.each([
  ['cannot be loaded', 'throws'],
  ['ends the process while it is loaded', 'exits'],
  ['is at fault in a trial', 'world-throws'],
])('a secret of a scenario that %s', (_, name) => {
  const path = `test/fixtures/dotenv/${name}.chaos.ts`

  it.each(['list', 'run', 'selftest'])('stands in no message of %s, nor in its JSON', async (command) => {
    const json = file(`${name}-${command}.json`)
    const { code, stdout, stderr } = await agentChaos([command, path, '--json', json])
    expect(code).toBe(2)
    for (const text of [stdout, readFileSync(json, 'utf8')]) {
      expectNoTrace(text)
      // Lines are broken where they are too long.
      expect(text.replace(/\s+/g, ' ')).toContain('nobody is let in with [redacted] or [redacted]')
    }
    expectNoTrace(stderr)
  })
})

// What the user's code itself prints while it is replayed is shown as it is.
it.each(['throws', 'world-throws'])(
  'a secret stands in no message of a replay of what is at fault: %s',
  async (name) => {
    const { code, stderr } = await agentChaos(['replay', `test/fixtures/dotenv/${name}.chaos.ts`, '--plan', ''])
    expect(code).toBe(2)
    expect(stderr).toContain('nobody is let in with [redacted] or [redacted]')
    expectNoTrace(stderr)
  },
)
