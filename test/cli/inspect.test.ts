/** Proves that a debugger stops in the agent's own TypeScript, and that a trial is the same however long it was stopped. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { agentChaos, main, root, withoutPage } from '../support/cli/command.js'
import { debugging } from '../support/debugger/client.js'

const scenario = 'test/fixtures/debugged/debugged.chaos.ts'
const agent = join(root, 'test/fixtures/debugged/agent.ts')
const lineOf = (text: string) =>
  readFileSync(agent, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1
const breakpoint = { file: pathToFileURL(agent).href, line: lineOf('a breakpoint is set here') }
const plan = 'tool:book#1 = tool/slow'
/** Longer than the watchdog lets a trial be still. */
const pauseMs = 1_500

let digest = ''
beforeAll(async () => {
  const { stdout } = await agentChaos(['replay', scenario, '--plan', plan, '--json', '-'])
  digest = (JSON.parse(stdout) as { readonly digest: string }).digest
})

function start(file: string, ...args: string[]): ChildProcess {
  return spawn(file, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
}

describe('replay', () => {
  it.each([
    ['--inspect', 'stops at a breakpoint', [breakpoint.line]],
    ['--inspect-brk', 'stops where the agent begins too', [expect.any(Number), breakpoint.line]],
  ])('%s %s, in the source, and the trial is the same', async (flag, _, lines) => {
    const report = join(mkdtempSync(join(tmpdir(), 'agent-chaos-inspect-')), 'replay.json')
    const options = ['--plan', plan, '--trial-timeout', '0.1', '--json', report]
    const child = start(process.execPath, main, 'replay', `${flag}=127.0.0.1:0`, scenario, ...options)
    const stops = await debugging(child, { breakpoints: [breakpoint], pauseMs })
    expect(stops.map(({ line }) => line)).toEqual(lines)
    expect(stops.at(-1)?.file).toBe(agent)
    expect(stops[0]?.file).toMatch(/test\/fixtures\/debugged\/(agent|debugged\.chaos)\.ts$/)
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ digest, trace: { end: { kind: 'returned' } } })
  })

  it('takes the address from what is joined to the option, and not from the file that follows', async () => {
    const { code, stderr } = await agentChaos(['replay', '--inspect=nowhere', scenario])
    expect([code, withoutPage(stderr)]).toEqual([
      2,
      'agent-chaos: --inspect takes a port from 0 to 65535, or a host and a port, such as 127.0.0.1:9229, not "nowhere"\n',
    ])
  })
})

describe('a trial in the process that is debugged', () => {
  it('is the same too', async () => {
    const out = join(mkdtempSync(join(tmpdir(), 'agent-chaos-inspect-')), 'trial.json')
    const code = `
      const { createJiti } = await import('jiti')
      const { runTrial } = await import('agent-chaos')
      const jiti = createJiti(${JSON.stringify(root)}, { sourceMaps: true, fsCache: false })
      const scenario = await jiti.import(${JSON.stringify(join(root, scenario))}, { default: true })
      const { digest, trace } = await runTrial(scenario, { plan: ${JSON.stringify(plan)} })
      const { writeFileSync } = await import('node:fs')
      writeFileSync(${JSON.stringify(out)}, JSON.stringify({ digest, trace }))
      process.exit(0)
    `
    const child = start(process.execPath, '--inspect-brk=127.0.0.1:0', '--input-type=module', '--eval', code)
    const stops = await debugging(child, { breakpoints: [breakpoint], pauseMs })
    expect(stops.at(-1)).toEqual({ file: agent, line: breakpoint.line })
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ digest, trace: { end: { kind: 'returned' } } })
  })
})
