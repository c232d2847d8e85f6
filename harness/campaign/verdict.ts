/** How the verdicts of many scenarios become that of the run, and its exit code: 1 wins, then 130, 70, 2, 3, 0. */
import type { ExitCode, FailureReport, Report, ScenarioReport } from '../contracts/report/report.js'
import type { Shard } from '../contracts/shard.js'

export function runVerdict(
  scenarios: readonly ScenarioReport[],
  failures: readonly Pick<FailureReport, 'kind'>[],
  interrupted: boolean,
  shard?: Shard | undefined,
): Report['verdict'] {
  const has = (...verdicts: ScenarioReport['verdict'][]) => scenarios.some(({ verdict }) => verdicts.includes(verdict))
  if (has('violated', 'broken')) return 'violated'
  if (interrupted) return 'interrupted'
  if (failures.some(({ kind }) => kind === 'bug')) return 'error'
  if (failures.length > 0 || has('misconfigured')) return 'misconfigured'
  // Whatever a shard did not see another may have seen.
  if (shard !== undefined) return 'pending'
  return has('inconclusive') ? 'inconclusive' : 'passed'
}

const codes: Record<Report['verdict'], ExitCode> = {
  passed: 0,
  pending: 0,
  violated: 1,
  misconfigured: 2,
  inconclusive: 3,
  error: 70,
  interrupted: 130,
}

export function exitCodeOf(verdict: Report['verdict']): ExitCode {
  return codes[verdict]
}
