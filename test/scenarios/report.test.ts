/** The report scenario: whatever the disk does, report.md is whole or not there. */
import { describe, expect, it } from 'vitest'
import report from '../../scenarios/report.chaos.js'
import { callsOf, holding } from '../support/scenarios/trials.js'

const draft = 'report.md.draft'
const site = `file:"${draft}"`

describe('the agent that writes a report', () => {
  it('writes it aside and then gives it its name', async () => {
    const trial = await holding(report)
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true })
    expect([callsOf(trial, 'file', draft), callsOf(trial, 'file', 'report.md')]).toEqual([1, 1])
  })

  it.each([
    ['a write is torn', `${site}#1 = file/torn-write`],
    ['the disk fails once', `${site}#1 = file/io-error`],
    ['the disk is full for a moment', `${site}#1 = file/no-space`],
    ['the name cannot be given at first', 'file:"report.md"#1 = file/io-error'],
    ['the agent crashes in the middle of the write', `${site}#1 = process/crash(phase: "during")`],
    ['the agent crashes once the file has its name', 'file:"report.md"#1 = process/crash'],
  ])('gets it done although %s', async (_, plan) => {
    expect((await holding(report, plan)).trace).toMatchObject({ claim: 'success', goal: true })
  })

  it.each([
    ['the disk stays full', `${site}#1.. = file/no-space`],
    ['every write is torn', `${site}#1.. = file/torn-write`],
    ['it may not write there', `${site}#1.. = file/access-denied`],
  ])('says that it failed, and never names a torn file, where %s', async (_, plan) => {
    const trial = await holding(report, plan)
    expect(trial.trace).toMatchObject({ claim: 'failure', goal: false })
    expect(callsOf(trial, 'file', 'report.md')).toBe(0)
  })
})
