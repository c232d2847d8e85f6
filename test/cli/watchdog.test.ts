/** Whatever an agent does to its process costs the trial that it happens in and no other. */
import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report, ScenarioReport } from '../../harness/contracts/report/report.js'
import { agentChaos, type Ended } from '../support/cli/command.js'

let report: Report
let ended: Ended

beforeAll(async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'agent-chaos-')), 'report.json')
  ended = await agentChaos([
    'run',
    'test/fixtures/hostile',
    '--trial-timeout',
    '2',
    '--memory-max',
    '400',
    '--json',
    file,
  ])
  report = JSON.parse(readFileSync(file, 'utf8')) as Report
})

function scenario(name: string): ScenarioReport {
  const found = report.scenarios.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`${name} is not in the report: ${ended.stderr}`)
  return found
}

describe('the watchdog', () => {
  it.each([
    ['spins', 'terminates', 'killed:unresponsive'],
    ['blocks', 'terminates', 'killed:unresponsive'],
    ['eats-memory', 'terminates', 'killed:memory'],
    ['dies', 'terminates', 'killed:died'],
    ['naps-for-ever', 'terminates', 'horizon'],
    ['asks-for-ever', 'terminates', 'horizon'],
    ['deadlocks', 'terminates', 'deadlock'],
    ['throws-out-of-band', 'no-unhandled-rejection', 'exception:Error'],
    ['rejects-unheard', 'no-unhandled-rejection', 'rejection:RangeError'],
  ])('an agent that %s violates %s', (name, invariant, signature) => {
    const { violations, verdict } = scenario(name)
    expect(verdict).toBe('violated')
    expect(violations.map((violation) => [violation.invariant, violation.signature, violation.status])).toEqual([
      [invariant, signature, 'confirmed'],
    ])
  })

  it('leaves a slow agent without a bound to the bound on its turns, as a quick one', async () => {
    // Its 120 turns take seven seconds of processor time, and ten times the limit are four.
    const plan = ['--plan', 'model:*#2.. = model/looping']
    const { stdout } = await agentChaos([
      'replay',
      'test/fixtures/slow/thinks-slowly.chaos.ts',
      ...plan,
      '--trial-timeout',
      '0.4',
    ])
    expect(stdout).toContain('terminates: violated (horizon)')
  })

  it('calls a trial inconclusive whose real work never ends, and names the work', () => {
    const { verdict, because, violations, search } = scenario('waits-on-a-child')
    expect([verdict, violations]).toEqual(['inconclusive', []])
    expect(because).toMatch(/real work was still in flight.*ProcessWrap/)
    expect(search.run).toBe(search.planned)
  })

  it('keeps what a trial that it ended had come to', () => {
    const [violation] = scenario('spins').violations
    expect(violation?.events.map(({ kind }) => kind)).toEqual(['call', 'fault', 'return', 'end'])
    expect(violation?.trial.plan).toBe('tool:ping#1 = tool/bad-request')
  })

  it('leaves alone an agent that works for longer than a trial may take without a sign of progress', async () => {
    const run = await agentChaos(['run', 'test/fixtures/busy', '--trial-timeout', '2', '--trials-max', '3'])
    expect(run.stderr + run.stdout).toMatch(/works-hard +passed/)
    expect(run.code).toBe(0)
  })

  it('takes process.exit for an end of the agent, and goes on', () => {
    const { search, violations } = scenario('exits')
    expect(violations).toEqual([])
    expect(search.run).toBe(search.planned)
  })

  it('runs every planned trial all the same', () => {
    for (const { search } of report.scenarios) expect(search.run).toBe(search.planned)
    expect(report.exitCode).toBe(1)
    expect(ended.code).toBe(1)
  })
})
