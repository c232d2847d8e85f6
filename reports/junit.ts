/**
 * JUnit XML, as Jenkins, GitLab and the reporters of GitHub read it: a suite for each scenario, a case for each of its
 * checks. It keeps to what all of them know: no attribute or element beyond the schema of Jenkins, but `file` and `line` of a
 * case. GitLab links these, and the others pass over them.
 */
import type { FailureReport, Report, ScenarioReport } from '../harness/contracts/report/report.js'
import { type Style, styleOf } from './drawing/style.js'
import { clean, cleanAll, shorten } from './drawing/text.js'
import { type Check, type CheckOutcome, checksOf } from './reading/checks.js'
import { firstPlace } from './reading/code.js'
import { onlyEvidence, violationLines } from './reading/findings.js'

interface Suite {
  readonly name: string
  readonly file: string
  readonly seconds: number
  /** Of agent-chaos. */
  readonly version: string
  readonly cases: readonly Case[]
}

interface Case extends Check {
  /** Where in the agent's code the violation comes from. */
  readonly place?: { readonly file: string; readonly line: number } | undefined
  /** What is known of it, at length. */
  readonly detail: string
}

/** The same report gives the same bytes. Times are wall time. */
export function junit(report: Report): string {
  const { version } = report.environment
  const suites = [
    ...report.scenarios.map((scenario) => scenarioSuite(scenario, version)),
    ...report.failures.map((failure) => failureSuite(failure, version)),
  ]
  const total = counts(suites.flatMap(({ cases }) => cases))
  const { tests, failures, errors } = total
  const attributes = { name: 'agent-chaos', tests, failures, errors, time: wallSeconds(report.timing.wallMs) }
  const xml = element('testsuites', attributes, suites.map(suiteXml))
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`
}

const plain: Style = styleOf({ width: 100, color: false, unicode: true })

function scenarioSuite(scenario: ScenarioReport, version: string): Suite {
  const { name, environment, timing } = scenario
  const cases = checksOf(scenario).flatMap((check) => casesOf(check, scenario))
  return { name, file: environment.file, seconds: timing.wallMs / 1000, version, cases }
}

function failureSuite({ message, environment: { file, where } }: FailureReport, version: string): Suite {
  const check = { name: 'can be run', outcome: 'errored', why: message, detail: `${where}: ${message}` } as const
  return { name: file, file, seconds: 0, version, cases: [check] }
}

/** One for each bug, where an invariant was broken in several ways. */
function casesOf(check: Check, scenario: ScenarioReport): Case[] {
  const found = scenario.violations.filter(({ invariant }) => invariant === check.name)
  if (found.length === 0) return [{ ...check, detail: [check.why, ...(check.facts ?? [])].join('\n') }]
  return found.map((violation) => {
    const { signature, story, status, known } = violation
    return {
      name: found.length === 1 ? check.name : `${check.name} (${signature})`,
      outcome: known ? 'skipped' : status === 'flaky' ? 'errored' : check.outcome,
      why: known ? `known: ${story}` : story,
      place: firstPlace(violation),
      detail: violationLines(signature, cleanAll(onlyEvidence(violation)), plain).join('\n'),
    }
  })
}

function counts(cases: readonly Check[]) {
  const count = (outcome: CheckOutcome) => cases.filter((each) => each.outcome === outcome).length
  return { tests: cases.length, failures: count('failed'), errors: count('errored'), skipped: count('skipped') }
}

function suiteXml({ name, file, seconds, version, cases }: Suite): string {
  const attributes = { name, package: file, ...counts(cases), time: seconds.toFixed(3) }
  const property = element('property', { name: 'agent-chaos.version', value: version }, [])
  return element('testsuite', attributes, [
    element('properties', {}, [property]),
    ...cases.map((each) => element('testcase', { name: each.name, classname: name, ...each.place }, outcomeXml(each))),
  ])
}

function outcomeXml({ name, outcome, why, detail }: Case): string[] {
  switch (outcome) {
    case 'passed':
      return []
    case 'skipped':
      return [`<skipped>${escapeXml(why)}</skipped>`]
    case 'failed':
      return [`<failure${attributesXml({ type: name, message: why })}>${escapeXml(detail)}</failure>`]
    case 'errored':
      return [`<error${attributesXml({ type: name, message: why })}>${escapeXml(detail)}</error>`]
  }
}

function wallSeconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

type Attributes = Readonly<Record<string, string | number>>

function element(name: string, attributes: Attributes, children: readonly string[]): string {
  const start = `<${name}${attributesXml(attributes)}`
  if (children.length === 0) return `${start}/>`
  const inner = children.join('\n').replace(/^(?= *<)/gm, '  ')
  return `${start}>\n${inner}\n</${name}>`
}

function attributesXml(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value)).replace(/\n/g, '&#10;')}"`)
    .join('')
}

/** Nobody reads more in a list of tests. */
const charactersMost = 5_000
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Without what no XML may hold, not even escaped: control characters, halves of pairs, and the two that are none. */
function escapeXml(text: string): string {
  return clean(shorten(text, charactersMost))
    .replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character] ?? '')
}
