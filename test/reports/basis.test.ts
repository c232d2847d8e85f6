/** Proves that a report says what its verdict rests on, at a terminal, in Markdown and on the page, and when it has no need to. */
import { html, markdown, terminal } from 'agent-chaos/reports'
import { describe, expect, it } from 'vitest'
import type { ScenarioReport } from '../../harness/contracts/report/report.js'
import { basisOf } from '../../reports/reading/basis.js'
import { report, scenarioReport } from '../fixtures/cli/report.js'

const search = { planned: 412, run: 400, reached: 401, landed: 388, shrinking: 0, skipped: 12 }
const partial: Partial<ScenarioReport> = {
  search,
  unfaced: ['deceptive', 'resource'],
  coverage: [
    { site: 'tool:pay', fault: 'tool/unavailable', state: 'struck', planned: 3, reached: 3, masked: 0, landed: 3 },
    { site: 'tool:pay', fault: 'tool/late', state: 'never-reached', planned: 1, reached: 0, masked: 0, landed: 0 },
  ],
  invariants: [
    { name: 'a', kind: 'safety', verdict: 'not-tested', trials: { held: 0, violated: 0, vacuous: 4, inconclusive: 0 } },
  ],
}

describe('what a verdict rests on', () => {
  it('has what was left out, what was never met, what was not faced and what was not put to the test', () => {
    expect(basisOf([scenarioReport(partial)])).toEqual([
      '388 trials that a fault struck',
      '12 of 412 plans left out (--trials-max 412 runs them)',
      '1 of 2 cells of the map struck (1 never reached)',
      'not faced: deceptive faults, resource faults',
      '1 invariant not put to the test',
    ])
  })

  it('says of how many scenarios where they differ', () => {
    const basis = basisOf([scenarioReport(partial), scenarioReport({ unfaced: ['deceptive'] })])
    expect(basis).toContain('not faced: deceptive faults, resource faults (in 1 of 2 scenarios)')
  })

  it('is the bare number where all was tried, and nothing where nothing was searched or a canary was to be caught', () => {
    expect(basisOf([scenarioReport({ unfaced: [] })])).toEqual(['388 trials that a fault struck'])
    expect(basisOf([scenarioReport({ search: { ...search, planned: 0 } })])).toEqual([])
    expect(basisOf([scenarioReport({ canary: 'a' })])).toEqual([])
  })

  it('stands in a report for a terminal, quiet or not, in Markdown and on the page', () => {
    const all = report({ scenarios: [scenarioReport(partial)] })
    const options = { width: 400, color: false, unicode: true }
    for (const text of [terminal(all, options), terminal(all, { ...options, quiet: true }), markdown(all), html(all)]) {
      expect(text.toLowerCase()).toContain('rests on 388 trials that a fault struck; 12 of 412 plans left out')
    }
  })
})
