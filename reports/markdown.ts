/**
 * Markdown for a pull request's comment or a job's summary: the verdict, a row for each scenario, and what did not pass in
 * details to unfold. Canaries that were caught stand in one line.
 */
import type { Report, ScenarioReport, ViolationReport } from '../harness/report.js'
import { checksOf } from './checks.js'
import { violationLines } from './findings.js'
import { intervalOf } from './measure.js'
import { type Style, styleOf } from './style.js'
import { clean, oneLine } from './text.js'
import { counted, shareText, verdictWords } from './words.js'

/** By it a comment is found again, to be put in the place of the last one. */
export const markdownMark = '<!-- agent-chaos -->'

/** GitHub takes no comment of more than 65,536 characters. */
const charactersMost = 60_000

/** The same report gives the same bytes. What does not fit into a comment is counted at its end. */
export function markdown(report: Report): string {
  const head = [markdownMark, title(report), summary(report), table(report.scenarios), failures(report)]
  const told = report.scenarios.filter(({ verdict }) => verdict !== 'passed').flatMap(details)
  const blocks = head.filter((block) => block !== '')
  let room = charactersMost - blocks.join('\n\n').length
  const shown = told.filter((block) => {
    room -= block.length + 2
    return room >= 0
  })
  const left = told.length - shown.length
  const rest = left > 0 ? [`…and ${counted(left, 'finding')} more, in the report itself.`] : []
  return `${[...blocks, ...shown, ...rest].join('\n\n')}\n`
}

const icons: Readonly<Record<Report['verdict'] | ScenarioReport['verdict'], string>> = {
  passed: '✅',
  violated: '❌',
  broken: '❌',
  misconfigured: '❌',
  error: '❌',
  inconclusive: '⚠️',
  interrupted: '⚠️',
  pending: '⏳',
}

function title({ verdict, totals }: Report): string {
  return `### ${icons[verdict]} agent-chaos: ${verdict}, ${totals.passed} of ${counted(totals.scenarios, 'scenario')} passed`
}

function summary({ totals, seed, failures, environment }: Report): string {
  const parts = [
    counted(totals.trials, 'trial'),
    counted(totals.violations, 'violation'),
    ...(failures.length > 0 ? [`${counted(failures.length, 'file')} could not be run`] : []),
    `seed ${seed}`,
    `agent-chaos ${text(environment.version)} on Node ${text(environment.node)}`,
  ]
  return parts.join(' · ')
}

function table(scenarios: readonly ScenarioReport[]): string {
  const caught = scenarios.filter(isCaught)
  const others = scenarios.filter((scenario) => !isCaught(scenario))
  const rows = others.map((scenario) => {
    const { name, verdict, measure, search, violations } = scenario
    const cells = [
      icons[verdict],
      text(name),
      text(verdictWords(scenario)),
      reliability(measure),
      search.run,
      violations.length,
    ]
    return `| ${cells.join(' | ')} |`
  })
  const titles = [
    '| | scenario | verdict | reliability | trials | violations |',
    '| --- | --- | --- | --- | --: | --: |',
  ]
  const lines = rows.length > 0 ? [[...titles, ...rows].join('\n')] : []
  if (caught.length > 0)
    lines.push(`${icons.passed} ${counted(caught.length, 'canary').replace(/canarys$/, 'canaries')} caught`)
  return lines.join('\n\n')
}

function isCaught({ canary, verdict }: ScenarioReport): boolean {
  return canary !== null && verdict === 'passed'
}

function reliability(measure: ScenarioReport['measure']): string {
  if (measure === null || measure.reliability.estimate === null) return ''
  const { estimate, target } = measure.reliability
  const interval = intervalOf(measure)
  const share = (value: number) => shareText(value, target)
  return `${share(estimate)} (${share(interval.low)} to ${share(interval.high)}), at least ${target}: ${measure.gate.verdict}`
}

function failures({ failures }: Report): string {
  return failures
    .map(
      ({ message, environment: { file, where } }) =>
        `${icons.misconfigured} ${text(file)}: ${text(where)}: ${text(message)}`,
    )
    .join('\n\n')
}

function details(scenario: ScenarioReport): string[] {
  const wrong = checksOf(scenario).filter(({ outcome }) => outcome === 'failed' || outcome === 'errored')
  const violated = scenario.canary === null ? scenario.violations : []
  const untold = wrong.filter(({ name }) => !violated.some(({ invariant }) => invariant === name))
  return [
    ...untold.map(({ name, why }) => `**${text(scenario.name)}**, ${text(name)}: ${text(why)}`),
    ...violated.map((violation) => unfolding(scenario, violation)),
  ]
}

const plain: Style = styleOf({ width: 100, color: false, unicode: true })

function unfolding({ name }: ScenarioReport, violation: ViolationReport): string {
  const title = `${name} broke ${violation.invariant}`
  const head = `<details><summary><b>${text(title)}</b>: ${text(violation.story)}</summary>`
  return [head, fenced(violationLines(title, violation, plain).join('\n')), '</details>'].join('\n\n')
}

/** A fence longer than any within, so that nothing ends it. */
function fenced(code: string): string {
  const content = shortened(clean(code))
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${content}\n${fence}`
}

const special = /[&<>"'`*_~[\]()|\\#@!$:]/g

/**
 * What a scenario or an agent wrote, as text and nothing else: entities are no markup, and a comment within it keeps
 * GitHub from making a mention, a reference or a link of it.
 */
function text(written: string): string {
  return shortened(oneLine(clean(written)))
    .replace(special, (character) => `&#${character.charCodeAt(0)};${/[@#:]/.test(character) ? '<!-- -->' : ''}`)
    .replace(/(?<=www)(?=\.)/gi, '<!-- -->')
}

const textMost = 2_000

function shortened(written: string): string {
  return written.length <= textMost
    ? written
    : `${written.slice(0, textMost)}… (${written.length - textMost} more characters)`
}
