/** The verdict on a scenario, from what its search found: nothing untested, unrepeatable or unseen counts as passed. */
import type { InvariantRow, ScenarioReport, ViolationReport } from '../report.js'
import type { ScenarioFacts } from '../run/executor.js'
import type { Findings } from './findings.js'

export interface Evidence {
  readonly facts: ScenarioFacts
  readonly findings: Findings
  readonly violations: readonly ViolationReport[]
  /** How two trials of one plan and seed differed, if they did. */
  readonly unrepeatable: string | undefined
  readonly interrupted: boolean
}

type Conclusion = Pick<ScenarioReport, 'verdict' | 'because'>

export function conclude({ facts, findings, violations, unrepeatable, interrupted }: Evidence): Conclusion {
  const confirmed = violations.filter(({ status }) => status !== 'flaky')
  const inconclusive = (because: string): Conclusion => ({ verdict: 'inconclusive', because })
  if (facts.canary !== null) {
    const caught = confirmed.some(({ invariant }) => invariant === facts.canary)
    if (caught) return { verdict: 'passed', because: `caught: ${facts.canary}` }
    if (interrupted) return inconclusive('interrupted before the canary was caught')
    return { verdict: 'violated', because: `the canary was not caught: ${facts.canary} was never violated` }
  }
  if (confirmed.length > 0) {
    return {
      verdict: 'violated',
      because: `violated: ${[...new Set(confirmed.map(({ invariant }) => invariant))].join(', ')}`,
    }
  }
  if (interrupted) return inconclusive('interrupted')
  if (unrepeatable !== undefined) return inconclusive(unrepeatable)
  if (violations.length > 0) return inconclusive('a violation was seen once and not again under the same plan and seed')
  if (findings.landed === 0) return inconclusive('no fault landed: nothing was tested')
  const rows = findings.invariantRows()
  const doubtful = rows.find(({ verdict }) => verdict === 'inconclusive')
  if (doubtful) return inconclusive(`${doubtful.name}: ${doubtful.because ?? 'could not be judged'}`)
  const untested = rows.find((row) => row.verdict === 'not-tested' && isListed(facts, row))
  if (untested) return inconclusive(`${untested.name} was never put to the test: ${untested.because ?? 'no trial'}`)
  return { verdict: 'passed', because: `no violation in ${findings.landed} trials with faults` }
}

function isListed(facts: ScenarioFacts, { name }: InvariantRow): boolean {
  return facts.invariants.some((invariant) => invariant.name === name && invariant.listed)
}
