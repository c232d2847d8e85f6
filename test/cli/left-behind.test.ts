/** A trial that what an earlier one left behind has ended is not the one to be looked at: the earlier one is named. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos } from '../support/cli/command.js'

let report: Report

beforeAll(async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'agent-chaos-')), 'report.json')
  const bounds = ['--workers', '1', '--trial-timeout', '1', '--trials-max', '3']
  await agentChaos(['run', 'test/fixtures/left-behind', ...bounds, '--json', file])
  report = JSON.parse(readFileSync(file, 'utf8')) as Report
})

const scenario = (name: string) => report.scenarios.find((one) => one.name === name)
const behind =
  /the trial under "tool:ping#1 = \S+" .* where the trial under "tool:ping#1 = \S+" had run before, and ended by itself alone in a fresh process/

it('a trial that spins by what an earlier one left is no violation and no pass, and the earlier one is named', () => {
  const { verdict, because, violations, search } = scenario('spins-next') ?? {}
  expect(violations).toEqual([])
  expect(verdict).toBe('inconclusive')
  expect(because).toMatch(/^state leaks between trials: /)
  expect(because).toContain('never gave the processor back')
  expect(because).toMatch(behind)
  expect(search?.run).toBe(3)
})

it('a death that does not come again alone is on record with the trial before it', () => {
  const { violations, notes = [] } = scenario('dies-next') ?? {}
  expect(violations).toEqual([])
  expect(notes.join('\n')).toMatch(behind)
})
