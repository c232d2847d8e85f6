/**
 * Commands of GitHub Actions that mark what did not pass: a violation where the agent made the call, or else at the scenario's line. To be printed by the job itself: they are
 * commands, and everything in them that an agent wrote is escaped as GitHub asks.
 */
import type { FailureReport, Report, ScenarioReport, ViolationReport } from '../harness/contracts/report/report.js'
import { clean, oneLine, shorten } from './drawing/text.js'
import { checksOf } from './reading/checks.js'
import { codeOf, codeText, firstPlace } from './reading/code.js'

/** One line for each check that failed (`error`) or could not be made (`warning`); empty where all passed. */
export function github(report: Report): string {
  const lines = [...report.scenarios.flatMap(scenarioLines), ...report.failures.map(failureLine)]
  return lines.map((line) => `${line}\n`).join('')
}

function scenarioLines(scenario: ScenarioReport): string[] {
  const { name, environment, violations } = scenario
  return checksOf(scenario).flatMap((check) => {
    if (check.outcome === 'passed' || check.outcome === 'skipped') return []
    const found = violations.filter(({ invariant, known }) => invariant === check.name && !known)
    const level = check.outcome === 'failed' ? 'error' : 'warning'
    const declared = { file: environment.file, line: environment.line }
    const title = `${name}: ${check.name}`
    if (found.length === 0) {
      return [annotation(level, { ...declared, title }, [check.why, ...(check.facts ?? [])].join('\n'))]
    }
    return found.map((violation) => {
      const of = violation.status === 'flaky' ? 'warning' : level
      return annotation(of, { ...(firstPlace(violation) ?? declared), title }, messageOf(violation))
    })
  })
}

function messageOf(violation: ViolationReport): string {
  const { story, remedy, environment } = violation
  return [
    story,
    ...(remedy === undefined ? [] : [`What to do: ${remedy}`]),
    ...codeOf(violation).map((place) => `At ${codeText(place)}`),
    `Replay it with: ${environment.command}`,
  ].join('\n')
}

function failureLine({ message, environment: { file, where } }: FailureReport): string {
  const line = /^:(\d+)/.exec(where.replace(file, ''))?.[1]
  const title = `${file} could not be run`
  return annotation('error', { file, line: line === undefined ? undefined : Number(line), title }, message)
}

interface Place {
  readonly file: string
  readonly line: number | undefined
  readonly title: string
}

/** GitHub shows no more. */
const charactersMost = 4_000
const titleMost = 200

function annotation(level: 'error' | 'warning', place: Place, message: string): string {
  const properties = Object.entries(place).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${property(String(value))}`],
  )
  return `::${level} ${properties.join(',')}::${data(clean(shorten(message, charactersMost)))}`
}

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}

function property(text: string): string {
  return data(oneLine(clean(shorten(text, titleMost))))
    .replace(/:/g, '%3A')
    .replace(/,/g, '%2C')
}
