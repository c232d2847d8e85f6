/** The report as JSON for programs: its shape is published as `agent-chaos/report.schema.json`. */
import type { Report } from '../harness/contracts/report/report.js'

/** Indented by two, lists of plain values on one line, with a line break at the end; keys stand in the order of the report. */
export function json(report: Report): string {
  return `${printJson(report)}\n`
}

/** Any plain value, as it is printed in files: a column of a thousand numbers takes one line and not a thousand. */
export function printJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null || isPlainList(value)) return JSON.stringify(value)
  const inner = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map((item) => printJson(item ?? null, inner))
    : Object.entries(value).flatMap(([key, part]) =>
        part === undefined ? [] : [`${JSON.stringify(key)}: ${printJson(part, inner)}`],
      )
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return parts.length === 0 ? `${open}${close}` : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`
}

function isPlainList(value: object): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)
}
