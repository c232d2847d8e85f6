/** What does not give the same trace twice is never called a pass: the first difference is named, and what to do about it. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report, ScenarioReport } from '../../harness/contracts/report/report.js'
import { agentChaos, type Ended } from '../support/cli/command.js'

let ended: Ended
let report: Report

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-'))
  const file = join(folder, 'report.json')
  ended = await agentChaos(['run', 'test/fixtures/unrepeatable', '--json', file], {
    env: { AGENT_CHAOS_TEST_FILE: join(folder, 'counter') },
  })
  report = JSON.parse(readFileSync(file, 'utf8')) as Report
})

function scenario(name: string): ScenarioReport {
  const found = report.scenarios.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`${name} is not in the report: ${ended.stderr}`)
  return found
}

describe('a scenario', () => {
  it('whose state leaks from trial to trial is inconclusive, and told to be isolated', () => {
    const { verdict, because } = scenario('leaks')
    expect(verdict).toBe('inconclusive')
    expect(because).toMatch(/^state leaks between trials: /)
    expect(because).toMatch(/first at event 0 \(call\): .*trial 1.* against .*trial \d+/)
    expect(because).toMatch(/look for state at module level, or set isolate: true$/)
  })

  it('with the same state passes when every trial has a process of its own', () => {
    const { verdict, search } = scenario('isolated')
    expect(verdict).toBe('passed')
    expect(search.run).toBe(search.planned)
  })

  it.each([
    ['depends-on-the-process', 'process'],
    ['depends-on-a-file', 'run'],
  ])('that %s is inconclusive: isolation would not help', (name, word) => {
    const { verdict, because } = scenario(name)
    expect(verdict).toBe('inconclusive')
    expect(because).toMatch(
      /^not repeatable: .*two trials of the same plan and seed differ, first at event 0 \(call\): /,
    )
    expect(because).toMatch(new RegExp(`${word} \\d+.* against .*${word} \\d+`))
    expect(because).not.toContain('isolate')
  })

  it('that is not repeatable costs the run its pass, and says so to people too', () => {
    expect(ended.code).toBe(3)
    expect(report).toMatchObject({ verdict: 'inconclusive', exitCode: 3 })
    expect(ended.stdout).toContain('1 of 4 scenarios passed')
    expect(ended.stdout.replace(/\s+/g, ' ')).toContain('set isolate: true')
  })
})

describe('readings that no seed repeats', () => {
  const file = 'test/fixtures/strict/reads-the-machine.chaos.ts'
  const note = `os.freemem is read at ${file}:6 < ${file}:22: no seed repeats what it answers`

  it('are nobody’s business by default', async () => {
    const run = await agentChaos(['run', file, '--json', '-', '--quiet'])
    expect(run.code).toBe(0)
    expect((JSON.parse(run.stdout) as Report).scenarios[0]?.notes).toEqual([])
  })

  it('are named with their stack by --strict, and the run is inconclusive', async () => {
    const run = await agentChaos(['run', file, '--json', '-', '--quiet', '--strict'])
    expect(run.code).toBe(3)
    expect((JSON.parse(run.stdout) as Report).scenarios[0]).toMatchObject({
      verdict: 'inconclusive',
      because: note,
      notes: [note],
    })
  })

  it('are named in a replay too', async () => {
    const replayed = await agentChaos(['replay', file, '--strict'])
    expect(replayed.stdout.replace(/\s+/g, ' ')).toContain(note)
  })
})
