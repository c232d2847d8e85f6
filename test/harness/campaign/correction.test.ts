/** Proves that the gates of a run are looked at together, and that the verdicts on scenarios follow from theirs. */
import { describe, expect, it } from 'vitest'
import { conclude } from '../../../harness/campaign/conclusion.js'
import { correctGates } from '../../../harness/campaign/correction.js'
import type { MeasureReport, ScenarioReport } from '../../../harness/contracts/report/report.js'
import { measureReport, refusedReliability } from '../../fixtures/cli/measure.js'
import { scenarioReport, violation } from '../../fixtures/cli/report.js'

type Gate = Partial<MeasureReport['gate']>

const searched = { verdict: 'passed', because: 'no violation in 9 trials with faults' } as const

function scenarioWith(name: string, gate: Gate, given: Partial<ScenarioReport> = {}): ScenarioReport {
  const measure = measureReport({ gate: { ...measureReport().gate, because: `${name} came to that`, ...gate } })
  const scenario = scenarioReport({ name, searched, measure, ...given })
  return { ...scenario, ...conclude(scenario.searched ?? searched, measure, scenario.violations) }
}

const failingReport = (name: string, pValue: number, given: Partial<ScenarioReport> = {}) =>
  scenarioWith(name, { verdict: 'failed', pValue }, given)
const passingReport = (name: string) => scenarioWith(name, { verdict: 'passed', pValue: 0.8 })
const open = (name: string, pValue: number) =>
  scenarioWith(name, { kind: 'sequential', verdict: 'inconclusive', pValue })
const verdicts = (scenarios: readonly ScenarioReport[]) =>
  scenarios.map(({ verdict, measure }) => [verdict, measure?.gate.verdict])

describe('the gates of a run', () => {
  it('stay as they are where there is one, or none', () => {
    const one = [failingReport('a', 0.049), scenarioReport({ name: 'unmeasured' })]
    expect(correctGates(one)).toEqual(one)
    expect(correctGates([])).toEqual([])
  })

  it('fail where the evidence holds among all of them, and are inconclusive where it does not', () => {
    const [clear, doubtful, good] = correctGates([
      failingReport('clear', 0.001),
      failingReport('doubtful', 0.04),
      passingReport('good'),
    ])
    expect(verdicts([clear, doubtful, good].flatMap((each) => each ?? []))).toEqual([
      ['violated', 'failed'],
      ['inconclusive', 'inconclusive'],
      ['passed', 'passed'],
    ])
    expect(clear).toEqual(failingReport('clear', 0.001))
    expect(doubtful?.because).toBe(
      'reliability: 179 of 181 trials succeeded: an agent of 0.95 does so badly with a chance of 0.04, and among the 3 ' +
        "gates of this run, Holm's procedure asks for 0.025",
    )
    expect(doubtful?.measure?.gate.alpha).toBe(0.025)
  })

  it('fail after all where the graver ones have failed, and the evidence is enough for those that are left', () => {
    const scenarios = correctGates([open('late', 0.03), failingReport('first', 0.01)])
    expect(verdicts(scenarios)).toEqual([
      ['violated', 'failed'],
      ['violated', 'failed'],
    ])
    expect(scenarios[0]?.because).toContain('not reliable enough: 179 of 181 trials succeeded')
  })

  it('never fail for being many: a pass stays a pass, and what was not judged does not count', () => {
    const refused = scenarioReport({ name: 'refused', searched, measure: refusedReliability, verdict: 'inconclusive' })
    const scenarios = [passingReport('good'), refused, failingReport('alone', 0.04)]
    expect(verdicts(correctGates(scenarios))).toEqual([
      ['passed', 'passed'],
      ['inconclusive', 'refused'],
      ['inconclusive', 'inconclusive'],
    ])
    expect(verdicts(correctGates([refused, failingReport('alone', 0.04)]))).toEqual([
      ['inconclusive', 'refused'],
      ['violated', 'failed'],
    ])
  })

  it('leave what else is wrong with a scenario', () => {
    const broken = { searched: { verdict: 'violated', because: 'violated: terminates' } } as const
    const unsafe = { violations: [violation({ phase: 'measure' })] }
    const scenarios = correctGates([failingReport('searched', 0.04, broken), failingReport('met', 0.045, unsafe)])
    expect(scenarios.map(({ verdict, because }) => [verdict, because])).toEqual([
      ['violated', 'violated: terminates'],
      ['violated', 'violated while measuring: effects-exactly-once'],
    ])
  })
})
