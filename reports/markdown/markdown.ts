/**
 * Markdown for a pull request's comment or a job's summary. It has the verdict, a row for each scenario, and what did
 * not pass in details to unfold. Canaries that were caught stand in one line.
 */
import type { Report, ScenarioReport, ViolationReport } from '../../harness/contracts/report/report.js'
import { trialsOf } from '../../harness/contracts/report/trials.js'
import { type Style, styleOf } from '../drawing/style.js'
import { clean, cleanAll, wrap } from '../drawing/text.js'
import { gateWords, quantity, runWords, shareText, verdictWords } from '../drawing/words.js'
import { basisOf } from '../reading/basis.js'
import { checksOf } from '../reading/checks.js'
import { onlyEvidence, violationLines } from '../reading/findings.js'
import { fence, inert } from './text.js'

/** By it a comment is found again, to be put in the place of the last one. */
export const markdownMark = '<!-- agent-chaos -->'

/** GitHub takes no comment of more than 65,536 characters, and a comparison may follow in the same one. */
const charactersMost = 40_000

/** The same report gives the same bytes. What does not fit into a comment is counted at its end. */
export function markdown(report: Report): string {
  const head = [markdownMark, title(report), summary(report), table(report.scenarios), failures(report)]
  const basis = basisOf(report.scenarios)
  if (basis.length > 0) head.push(`Rests on ${inert(basis.join('; '))}.`)
  const all = report.scenarios.filter(({ verdict }) => verdict !== 'passed').flatMap(details)
  const blocks = head.filter((block) => block !== '')
  let room = charactersMost - blocks.join('\n\n').length
  const shown = all.filter((block) => {
    room -= block.length + 2
    return room >= 0
  })
  const left = all.length - shown.length
  const rest = left > 0 ? [`…and ${quantity(left, 'finding')} more, in the report itself.`] : []
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

function title(report: Report): string {
  const { verdict, totals } = report
  return `### ${icons[verdict]} agent-chaos: ${runWords(report)}, ${totals.passed} of ${quantity(totals.scenarios, 'scenario')} passed`
}

function summary({ totals, seed, failures, environment }: Report): string {
  const parts = [
    quantity(totals.trials, 'trial'),
    quantity(totals.violations, 'violation'),
    ...(failures.length > 0 ? [`${quantity(failures.length, 'file')} could not be run`] : []),
    `seed ${seed}`,
    `agent-chaos ${inert(environment.version)} on Node ${inert(environment.node)}`,
  ]
  return parts.join(' · ')
}

function table(scenarios: readonly ScenarioReport[]): string {
  const caught = scenarios.filter(isCaught)
  const others = scenarios.filter((scenario) => !isCaught(scenario))
  const rows = others.map((scenario) => {
    const { name, verdict, measure, violations } = scenario
    const cells = [
      icons[verdict],
      inert(name),
      inert(verdictWords(scenario)),
      reliability(measure),
      trialsOf(scenario),
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
    lines.push(`${icons.passed} ${quantity(caught.length, 'canary').replace(/canarys$/, 'canaries')} caught`)
  return lines.join('\n\n')
}

function isCaught({ canary, verdict }: ScenarioReport): boolean {
  return canary !== null && verdict === 'passed'
}

function reliability(measure: ScenarioReport['measure']): string {
  if (measure === null || measure.reliability.estimate === null) return ''
  const { estimate, target, interval } = measure.reliability
  const { low, high } = interval
  const share = (value: number) => shareText(value, target)
  return `${share(estimate)} (${share(low)} to ${share(high)}), at least ${target}: ${gateWords[measure.gate.verdict]}`
}

function failures({ failures }: Report): string {
  return failures
    .map(
      ({ message, environment: { file, where } }) =>
        `${icons.misconfigured} ${inert(file)}: ${inert(where)}: ${inert(message)}`,
    )
    .join('\n\n')
}

function details(scenario: ScenarioReport): string[] {
  const wrong = checksOf(scenario).filter(({ outcome }) => outcome === 'failed' || outcome === 'errored')
  const violated = scenario.canary === null ? scenario.violations.filter(({ known }) => !known) : []
  const unproven = wrong.filter(({ name }) => !violated.some(({ invariant }) => invariant === name))
  return [
    ...unproven.flatMap(({ name, why, facts = [] }) => [
      `**${inert(scenario.name)}**, ${inert(name)}: ${inert(why)}`,
      ...(facts.length > 0 ? [fence(facts.flatMap((fact) => wrap(clean(fact), plain.width)).join('\n'))] : []),
    ]),
    ...violated.map((violation) => unfolding(scenario, violation)),
  ]
}

const plain: Style = styleOf({ width: 100, color: false, unicode: true })

function unfolding({ name }: ScenarioReport, violation: ViolationReport): string {
  const title = `${name} broke ${violation.invariant}`
  const head = `<details><summary><b>${inert(title)}</b>: ${inert(violation.story)}</summary>`
  return [head, fence(violationLines(title, cleanAll(onlyEvidence(violation)), plain).join('\n')), '</details>'].join(
    '\n\n',
  )
}
