/** How many trials a scenario took. In a file of its own, so that a reporter loads no schema for it. */
import type { ScenarioReport } from './report.js'

/** All that were run for a scenario: searching, shrinking, measuring. Rows of a table are to sum up to the total below it. */
export function trialsOf({ search: { run, shrinking }, measure }: ScenarioReport): number {
  const swept = measure?.sweep.reduce((sum, { trials }) => sum + trials, 0) ?? 0
  return run + shrinking + (measure?.trials ?? 0) + swept
}
