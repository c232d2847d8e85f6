/** The trial without faults of a scenario, as it is viewed and as others are laid beside it. */
import type { ScenarioReport } from '../../harness/contracts/report/report.js'
import type { Allowance } from './allowance.js'
import { scenarioAnchor } from './anchors.js'
import type { ViewedTrial } from './trial.js'

/** `undefined` where the report does not hold it, or the page has no room for it. */
export function baselineTrial(scenario: ScenarioReport, { trialsOf }: Allowance): ViewedTrial | undefined {
  const { baselineEvents } = scenario
  if (baselineEvents === undefined || !trialsOf.has(scenario)) return undefined
  const id = `${scenarioAnchor(scenario)}.baseline`
  return { id, title: 'What happens when nothing fails.', events: baselineEvents, evidence: [] }
}
