/** What an executor tells of a scenario and of a trial, as plain data: whatever process it ran in, it is the same. */
import { describeFault } from '../../faults/fault.js'
import type { ScenarioFacts, TrialRecord, TrialSpec } from '../contracts/executor.js'
import type { Scenario } from '../contracts/scenario.js'
import { digestOf, siteName, type Trace } from '../contracts/trace.js'
import { breakerRemarks } from '../invariants/breaker/lint.js'
import type { TrialResult } from '../trial/options.js'

export function factsOf(scenario: Scenario): ScenarioFacts {
  return {
    name: scenario.name,
    task: scenario.task,
    declaredAt: scenario.declaredAt,
    canary: scenario.expect?.violates ?? null,
    repairable: scenario.repaired !== null,
    isolate: scenario.isolate,
    budget: scenario.budget,
    faults: scenario.faults.map(describeFault),
    invariants: scenario.invariants.map(({ name, kind }) => ({ name, kind, listed: scenario.listed.includes(name) })),
  }
}

export function recordOf(
  { trace, judgements, wire }: TrialResult,
  { invariants }: Scenario,
  detail: TrialSpec['detail'],
): TrialRecord {
  const breakers = breakerRemarks(trace, invariants)
  const { plan, seed, end, claim, goal, spend, injections } = trace
  return {
    plan,
    seed,
    end,
    claim,
    goal,
    spend,
    crossings: trace.events.reduce((sum, event) => sum + (event.kind === 'call' ? 1 : 0), 0),
    landed: new Set(trace.events.flatMap((event) => (event.kind === 'fault' ? [event.crossing] : []))).size,
    injections,
    struck: struckIn(trace),
    strays: [...new Set(trace.events.flatMap((event) => (event.kind === 'stray-request' ? [event.url] : [])))],
    judgements,
    ...(breakers.length > 0 && { breakers }),
    evidence: detail === 'brief' ? null : { trace, digest: digestOf(trace), ...(wire && { wire }) },
  }
}

function struckIn(trace: Trace): TrialRecord['struck'] {
  const sites = new Map<number, string>()
  const struck = new Map<string, { site: string; fault: string }>()
  for (const event of trace.events) {
    if (event.kind === 'call') sites.set(event.crossing, siteName(event.site))
    if (event.kind !== 'fault') continue
    const site = sites.get(event.crossing) ?? ''
    struck.set(`${site} ${event.fault}`, { site, fault: event.fault })
  }
  return [...struck.values()]
}
