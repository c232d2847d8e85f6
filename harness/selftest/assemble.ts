/** What was found of every bug and every correct agent, as one report with one verdict. Pure. */
import { compareByCodeUnit } from '../contracts/order.js'
import type { ExitCode, FailureReport } from '../contracts/report/report.js'
import type { AgentReport, BugReport, SelftestReport } from '../contracts/report/selftest-report.js'

export interface Found {
  readonly bugs: readonly BugReport[]
  /** The repaired ones too. */
  readonly agents: readonly AgentReport[]
  readonly failures: readonly FailureReport[]
  readonly interrupted: boolean
}

type Assembled = Omit<SelftestReport, 'format' | 'version' | 'seed' | 'environment' | 'timing'>

/** The aim for every bug: found within so many trials, and shown by a plan of no more than so many faults. */
const [trialsAimed, faultsAimed] = [500, 2] as const

export function assemble({ bugs, agents, failures, interrupted }: Found): Assembled {
  const verdict = verdictOf({ bugs, agents, failures, interrupted })
  const twins = new Map(agents.flatMap((agent) => (agent.repaired ? [[agent.name, agent] as const] : [])))
  const found = bugs.flatMap((bug) => bug.found ?? [])
  // One on which nothing landed was not tried, and adds to no number.
  const tried = agents.filter(({ landed, alarms }) => landed > 0 || alarms.length > 0)
  return {
    verdict,
    exitCode: codes[verdict],
    interrupted,
    bugs: byName(bugs).map((bug) => ({ ...bug, twin: twins.get(bug.name) ?? null })),
    agents: byName(agents.filter(({ repaired }) => !repaired)),
    failures: [...failures].sort((left, right) => compareByCodeUnit(left.environment.file, right.environment.file)),
    totals: {
      bugs: bugs.length,
      found: found.length,
      foundWithin500Trials: found.filter(({ afterTrials }) => afterTrials <= trialsAimed).length,
      foundWithTwoFaults: found.filter(({ faults }) => faults <= faultsAimed).length,
      agents: tried.length,
      trials: tried.reduce((sum, { trials }) => sum + trials, 0),
      alarms: tried.reduce((sum, { alarms }) => sum + alarms.length, 0),
    },
  }
}

/** The same precedence as a run's: what is wrong, then what is not known. */
function verdictOf({ bugs, agents, failures, interrupted }: Found): SelftestReport['verdict'] {
  const verdicts = [...bugs, ...agents].map(({ verdict }) => verdict)
  const has = (...some: typeof verdicts) => verdicts.some((verdict) => some.includes(verdict))
  if (has('not-found', 'broken', 'alarm')) return 'failed'
  if (interrupted) return 'interrupted'
  if (failures.some(({ kind }) => kind === 'bug')) return 'error'
  if (failures.length > 0 || has('misconfigured')) return 'misconfigured'
  return has('inconclusive') || verdicts.length === 0 ? 'inconclusive' : 'passed'
}

const codes: Record<SelftestReport['verdict'], ExitCode> = {
  passed: 0,
  failed: 1,
  misconfigured: 2,
  inconclusive: 3,
  error: 70,
  interrupted: 130,
}

function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...items].sort((left, right) => compareByCodeUnit(left.name, right.name))
}
