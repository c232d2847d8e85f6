/**
 * How much of each trial is shown, so that the page stays small whatever the run found: a megabyte for every thousand
 * trials. All trials get the same; where even little of each is too much, the last ones are left to their replay command.
 */
import type { Report, ScenarioReport, ViolationReport } from '../../harness/contracts/report/report.js'

export interface Allowance {
  /** Events of one trial. */
  readonly eventsMost: number
  /** Characters of one request or response. */
  readonly textMost: number
  /** Whose trials are shown: a violation's, and the one without faults of a scenario. */
  readonly trialsOf: ReadonlySet<ViolationReport | ScenarioReport>
}

export function bytesMost({ totals }: Report): number {
  return 1_000_000 * Math.max(1, totals.trials / 1_000)
}

const steps = [
  { eventsMost: 400, textMost: 4_000 },
  { eventsMost: 200, textMost: 2_000 },
  { eventsMost: 100, textMost: 1_000 },
  { eventsMost: 60, textMost: 500 },
  { eventsMost: 40, textMost: 250 },
  { eventsMost: 24, textMost: 120 },
] as const

/** No event takes less, so that what cannot fit is not tried. */
const eventBytesLeast = 600

/** From the most generous that might fit to the one that shows no trial at all. */
export function* allowances(report: Report): Generator<Allowance> {
  const owners = report.scenarios.flatMap((scenario) => [...scenario.violations, scenario])
  const mightFit = ({ eventsMost, trialsOf }: Omit<Allowance, 'textMost'>) =>
    leastBytes(trialsOf, eventsMost) <= bytesMost(report)
  const all = new Set(owners)
  for (const step of steps) if (mightFit({ ...step, trialsOf: all })) yield { ...step, trialsOf: all }
  for (let count = owners.length; count > 0; ) {
    count = Math.floor(count * 0.75)
    const fewer = { eventsMost: 24, textMost: 120, trialsOf: new Set(owners.slice(0, count)) }
    if (mightFit(fewer)) yield fewer
  }
}

function leastBytes(owners: Allowance['trialsOf'], eventsMost: number): number {
  let bytes = 0
  for (const owner of owners) bytes += Math.min(eventsMost, eventsOf(owner)) * eventBytesLeast
  return bytes
}

function eventsOf(owner: ViolationReport | ScenarioReport): number {
  return 'events' in owner ? owner.events.length : (owner.baselineEvents?.length ?? 0)
}
