/** From bugs and agents to one verdict: what is wrong outweighs what is not known, and nothing at all is no pass. */
import { describe, expect, it } from 'vitest'
import type { FailureReport } from '../../../harness/contracts/report/report.js'
import { assemble, type Found } from '../../../harness/selftest/assemble.js'
import { violation } from '../../fixtures/cli/report.js'
import { agentReport, bugReport } from '../../fixtures/cli/selftest-report.js'

const failure = (kind: FailureReport['kind'], file = 'a.ts'): FailureReport => ({
  kind,
  message: 'm',
  environment: { file, where: file },
})
const found = bugReport({ twin: null })
const missed = bugReport({ name: 'missed', verdict: 'not-found', found: null, twin: null })
const quiet = agentReport()
const accused = agentReport({ name: 'accused', verdict: 'alarm', alarms: [violation()] })
const unsure = agentReport({ name: 'unsure', verdict: 'inconclusive' })
const odd = agentReport({ name: 'odd', verdict: 'misconfigured' })

const assembleWith = (given: Partial<Found>) =>
  assemble({ bugs: [], agents: [], failures: [], interrupted: false, ...given })

describe('the verdict of a selftest', () => {
  it.each<[string, number, Partial<Found>]>([
    ['passed', 0, { bugs: [found], agents: [quiet] }],
    ['passed', 0, { bugs: [found] }],
    ['passed', 0, { agents: [quiet] }],
    ['failed', 1, { bugs: [found, missed], agents: [quiet] }],
    ['failed', 1, { bugs: [bugReport({ verdict: 'broken', found: null })] }],
    ['failed', 1, { bugs: [found], agents: [quiet, accused] }],
    ['failed', 1, { bugs: [missed], failures: [failure('bug')], interrupted: true }],
    ['interrupted', 130, { bugs: [found], failures: [failure('usage')], interrupted: true }],
    ['error', 70, { bugs: [found], agents: [odd], failures: [failure('usage'), failure('bug')] }],
    ['misconfigured', 2, { bugs: [found], agents: [unsure], failures: [failure('usage')] }],
    ['misconfigured', 2, { bugs: [found], agents: [unsure, odd] }],
    ['inconclusive', 3, { bugs: [found], agents: [quiet, unsure] }],
    ['inconclusive', 3, {}],
  ])('is %s, and the exit code %i', (verdict, exitCode, given) => {
    expect(assembleWith(given)).toMatchObject({ verdict, exitCode })
  })
})

describe('the report of a selftest', () => {
  it('puts a repaired agent beside its bug, and everything in the order of names', () => {
    const twin = agentReport({ name: found.name, repaired: true })
    const { bugs, agents, failures } = assembleWith({
      bugs: [found, missed],
      agents: [quiet, twin, accused],
      failures: [failure('usage', 'b.ts'), failure('usage', 'a.ts')],
    })
    expect(bugs.map(({ name, twin }) => [name, twin])).toEqual([
      ['missed', null],
      ['no-key', twin],
    ])
    expect(agents).toEqual([accused, quiet])
    expect(failures.map(({ environment }) => environment.file)).toEqual(['a.ts', 'b.ts'])
  })

  it('adds up what was found, and how soon, and what correct agents were accused of', () => {
    const late = { afterTrials: 501, faults: 3, plan: 'p', seed: 1, environment: { command: 'c' } }
    const { totals } = assembleWith({
      bugs: [found, missed, bugReport({ name: 'late', found: late })],
      agents: [quiet, agentReport({ name: 'no-key', repaired: true }), accused],
    })
    expect(totals).toEqual({
      bugs: 3,
      found: 2,
      foundWithin500Trials: 1,
      foundWithTwoFaults: 1,
      agents: 3,
      trials: 120,
      alarms: 1,
    })
  })
})
