/** The verdict on a scenario, from what its search found: nothing untested, unrepeatable or unseen counts as passed. */
import { modelNeverCalled } from '../contracts/landing.js'
import type { CoverageRow, InvariantRow, ScenarioReport, ViolationReport } from '../contracts/report/report.js'
import type { Shard } from '../contracts/shard.js'
import { shareStruck } from './cells.js'

export interface Evidence {
  readonly canary: string | null
  /** Names of the invariants that the scenario asks for. */
  readonly listed: readonly string[]
  readonly invariants: readonly InvariantRow[]
  readonly violations: readonly ViolationReport[]
  /** Trials in which a fault took effect. */
  readonly landed: number
  /** Faults of the model are to be faced, and no trial called it. */
  readonly modelNeverCalled: boolean
  /** How two trials of one plan and seed differed, if they did. */
  readonly unrepeatable: string | undefined
  readonly interrupted: boolean
  readonly coverage: readonly CoverageRow[]
  /** The least share of the map that is to be struck, in percent. */
  readonly minCoverage?: number | undefined
  /** Where these are not all of the search's trials, of which part they are. */
  readonly shard: Shard | undefined
}

type Conclusion = Pick<ScenarioReport, 'verdict' | 'because'>

export function conclude(evidence: Evidence): Conclusion {
  const { canary, interrupted, landed } = evidence
  const violations = evidence.violations.filter(({ known }) => !known)
  const none = noViolation(evidence.violations.length - violations.length, landed)
  const confirmed = violations.filter(({ status }) => status !== 'flaky').map(({ invariant }) => invariant)
  if (canary !== null) return concludeCanary(canary, confirmed.includes(canary), interrupted)
  if (confirmed.length > 0) return { verdict: 'violated', because: `violated: ${[...new Set(confirmed)].join(', ')}` }
  if (interrupted) return { verdict: 'inconclusive', because: 'interrupted' }
  if (evidence.shard !== undefined) return { verdict: 'pending', because: none }
  const doubt = whyInconclusive({ ...evidence, violations })
  if (doubt !== undefined) return { verdict: 'inconclusive', because: doubt }
  return { verdict: 'passed', because: none }
}

function noViolation(known: number, landed: number): string {
  const but = known === 0 ? '' : known === 1 ? ' but a known one' : ` but ${known} known ones`
  return `no violation${but} in ${landed} trials with faults`
}

function concludeCanary(canary: string, caught: boolean, interrupted: boolean): Conclusion {
  if (caught) return { verdict: 'passed', because: `caught: ${canary}` }
  if (interrupted) return { verdict: 'inconclusive', because: 'interrupted before the canary was caught' }
  return { verdict: 'violated', because: `the canary was not caught: ${canary} was never violated` }
}

function whyInconclusive({
  listed,
  invariants,
  violations,
  landed,
  unrepeatable,
  modelNeverCalled: neverCalled,
  coverage,
  minCoverage,
}: Evidence): string | undefined {
  if (unrepeatable !== undefined) return unrepeatable
  if (violations.length > 0) return 'a violation was seen once and not again under the same plan and seed'
  if (landed === 0) return 'no fault landed: nothing was tested'
  if (neverCalled) return modelNeverCalled
  const doubtful = invariants.find(({ verdict }) => verdict === 'inconclusive')
  if (doubtful) return `${doubtful.name}: ${doubtful.because ?? 'could not be judged'}`
  const untested = invariants.find(({ name, verdict }) => verdict === 'not-tested' && listed.includes(name))
  if (untested) return `${untested.name} was never put to the test: ${untested.because ?? 'no trial'}`
  return minCoverage === undefined ? undefined : tooFew(coverage, minCoverage)
}

function tooFew(coverage: readonly CoverageRow[], least: number): string | undefined {
  const { struck, cells } = shareStruck(coverage)
  if (struck * 100 >= least * cells) return undefined
  const percent = Math.floor((struck * 1_000) / cells) / 10
  return `${struck} of ${cells} cells of its map were struck, which is ${percent} %; --min-coverage asks for ${least} %`
}
