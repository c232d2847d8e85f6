/** What an agent does to the ways by which the harness hears of its trials costs the trial at most, and never its verdict. */
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
  ended = await agentChaos(['run', 'test/fixtures/meddling', '--trial-timeout', '2', '--json', file])
  report = JSON.parse(readFileSync(file, 'utf8')) as Report
})

function scenario(name: string): ScenarioReport {
  const found = report.scenarios.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`${name} is not in the report: ${ended.stderr}`)
  return found
}

function violationsOf(name: string): unknown[] {
  return scenario(name).violations.map(({ invariant, signature, status }) => [invariant, signature, status])
}

describe('an agent', () => {
  it('cannot answer in the place of its worker, and the report names the attempt', () => {
    expect(violationsOf('forges')).toEqual([['no-unhandled-rejection', 'rejection:RangeError', 'confirmed']])
    expect(scenario('forges').notes.join()).toMatch(/trials wrote messages of their own into the pipe/)
  })

  it('cannot turn a violation into a pass by what it makes of the functions that write', () => {
    expect(violationsOf('wraps')).toEqual([['no-unhandled-rejection', 'rejection:RangeError', 'confirmed']])
    expect(scenario('wraps').notes).toEqual([expect.stringMatching(/^its process was not handed on .*JSON\.stringify/)])
  })

  it('cannot keep the watchdog off by talking', () => {
    expect(violationsOf('chatters')).toEqual([['terminates', 'killed:unresponsive', 'confirmed']])
  })

  it('sees no channel to its parent, and what it does to one is nothing', () => {
    expect(scenario('unplugs')).toMatchObject({
      verdict: 'passed',
      violations: [],
      notes: [expect.stringMatching(/^its process was not handed on .*a listener of exit/)],
    })
  })

  it('that closes the channel has a process that died, and no other trial has', () => {
    expect(violationsOf('closes')).toEqual([['terminates', 'killed:died', 'confirmed']])
  })

  it('costs neither the run nor any other scenario', () => {
    expect(report.failures).toEqual([])
    for (const { search } of report.scenarios) expect(search.run).toBe(search.planned)
    expect(ended.code).toBe(1)
  })
})
