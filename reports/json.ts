/** The report as JSON for programs: its shape is published as `agent-chaos/report.schema.json`. */
import type { Report } from '../harness/report.js'

/** Indented by two, with a line break at the end; keys stand in the order of the report. */
export function json(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`
}
