/**
 * A report as a stream for other tools, one JSON object a line. First comes the run, then each scenario with its
 * violations and, of each violation, the events of its trial. Every line says by `type` what it is and by names what it
 * belongs to.
 */
import type { Report, ScenarioReport, ViolationReport } from '../harness/contracts/report/report.js'

/** The same report gives the same bytes. */
export function ndjson({ scenarios, ...run }: Report): string {
  const lines = [{ type: 'run', ...run }, ...scenarios.flatMap(scenarioLines)]
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

function scenarioLines({ violations, ...scenario }: ScenarioReport): object[] {
  return [
    { type: 'scenario', ...scenario },
    ...violations.flatMap((violation) => violationLines(scenario.name, violation)),
  ]
}

function violationLines(scenario: string, { events, ...violation }: ViolationReport): object[] {
  const { invariant, signature } = violation
  return [
    { type: 'violation', scenario, ...violation },
    ...events.map((event, index) => ({ type: 'event', scenario, invariant, signature, index, ...event })),
  ]
}
