/** What is known of a trial without faults that failed, in lines that every report shows. */
import type { ScenarioReport } from '../../harness/contracts/report/report.js'
import { shorten } from '../drawing/text.js'

/** Who wants more finds it in the JSON. */
const charactersMost = 1_000

/**
 * `name: value` lines: the error and its place, or what the agent answered and the final state. Empty where it worked;
 * without the error where the verdict names it.
 */
export function baselineFacts({
  baselineFailure,
  because,
}: Pick<ScenarioReport, 'baselineFailure' | 'because'>): string[] {
  if (!baselineFailure) return []
  const { error, answer, state, environment } = baselineFailure
  const facts = {
    error: error !== undefined && because.includes(error) ? undefined : error,
    at: environment.where,
    answer,
    'final state': state,
  }
  return Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${shorten(value, charactersMost)}`],
  )
}
