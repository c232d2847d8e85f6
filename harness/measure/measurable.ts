/** Whether a scenario is measured at all. Apart from measuring, so that a run without a reliability loads nothing for it. */
import type { ScenarioFacts } from '../contracts/executor.js'

/** Whether there is a reliability to measure. */
export function isMeasurable({ canary, budget }: Pick<ScenarioFacts, 'canary' | 'budget'>): boolean {
  return canary === null && budget.reliability !== undefined
}
