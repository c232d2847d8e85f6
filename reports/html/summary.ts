/** What the page leads with: the verdict, why, and what there was to go by. */
import type { Report, ScenarioReport } from '../../harness/contracts/report/report.js'
import { quantity, runWords, verdictWords, wallTime } from '../drawing/words.js'
import { basisOf } from '../reading/basis.js'
import { scenarioAnchor, violationAnchor } from './anchors.js'
import { lookOf, verdictIcon } from './looks.js'
import { cut, type Html, html, long } from './markup.js'

export function summary(report: Report): Html {
  const { verdict, totals, seed, timing, environment } = report
  const basis = basisOf(report.scenarios)
  return html`<header class="top ${lookOf(verdict)}">
<p class="brand">agent-chaos</p>
<h1>${verdictIcon(verdict)} ${titleOf(report)}</h1>
<p class="why">${why(report)}</p>
<ul class="totals">
<li><strong>${totals.passed}</strong> of ${quantity(totals.scenarios, 'scenario')} passed</li>
<li><strong>${figures.format(totals.trials)}</strong> ${totals.trials === 1 ? 'trial' : 'trials'}</li>
<li><strong>${totals.violations}</strong> ${totals.violations === 1 ? 'violation' : 'violations'}</li>
</ul>
${attention(report)}
${basis.length > 0 && html`<p class="fine">Rests on ${basis.join('; ')}.</p>`}
<p class="fine">seed ${seed} · ${timing.startedAt.slice(0, 16).replace('T', ' ')} UTC · took ${wallTime(timing.wallMs)} · agent-chaos ${environment.version} on Node ${environment.node}, ${environment.platform}</p>
</header>`
}

const figures = new Intl.NumberFormat('en')

const titles: Readonly<Record<Report['verdict'], string>> = {
  passed: 'Passed',
  violated: 'Violated',
  misconfigured: 'Misconfigured',
  inconclusive: 'Inconclusive',
  error: 'Failed to run',
  interrupted: 'Interrupted',
  pending: 'A part of a run, to be merged',
}

/** A run is said to be violated where an invariant was. */
export function titleOf(report: Report): string {
  const words = runWords(report)
  return words === report.verdict ? titles[report.verdict] : capitalize(words)
}

function why({ verdict, scenarios, failures, interrupted }: Report): string {
  const failed = scenarios.filter(({ verdict }) => verdict !== 'passed')
  const parts = [
    ...(failures.length > 0 ? [`${quantity(failures.length, 'file')} could not be run`] : []),
    ...(failed.length > 0 ? [failedText(failed)] : []),
    ...(interrupted ? ['it was stopped before its end'] : []),
  ]
  if (parts.length > 0) return sentence(parts.join('; '))
  if (verdict !== 'passed') return 'Nothing was run.'
  return sentence(passedText(scenarios))
}

function failedText(failed: readonly ScenarioReport[]): string {
  const [only] = failed
  if (failed.length > 1 || only === undefined) return `${quantity(failed.length, 'scenario')} did not pass`
  return `in ${only.name}: ${cut(only.because, 400)}`
}

function passedText(scenarios: readonly ScenarioReport[]): string {
  const canaries = scenarios.filter(({ canary }) => canary !== null).length
  const measured = scenarios.filter(({ measure }) => measure !== null && measure.trials > 0).length
  return [
    ...(scenarios.length > canaries ? ['no fault that was tried broke an agent'] : []),
    ...(measured > 0
      ? [
          `${measured === 1 ? 'the one that was measured is' : `all ${measured} that were measured are`} as reliable as asked for`,
        ]
      : []),
    ...(canaries > 0 ? [`${canaries === 1 ? 'the canary was' : `all ${canaries} canaries were`} caught`] : []),
  ].join(', ')
}

function sentence(text: string): string {
  return `${capitalize(text)}${/[.!?]$/.test(text) ? '' : '.'}`
}

function capitalize(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

/** More is what the table is for. */
const attentionMost = 8

/** What did not pass, each with where to look first. */
function attention({ scenarios, failures }: Report): Html | false {
  const failed = scenarios.filter(({ verdict }) => verdict !== 'passed')
  if (failed.length === 0 && failures.length === 0) return false
  const rest = failed.length - attentionMost
  return html`<ul class="attention">${failed.slice(0, attentionMost).map(attentionItem)}${rest > 0 && html`<li><a href="#overview-title">and ${quantity(rest, 'scenario')} more</a></li>`}${failures.map(
    ({ message, environment }) =>
      html`<li>${verdictIcon('error')} <span><strong>${environment.where.split('\n')[0] ?? ''}</strong> ${long(message, 1_000)}</span></li>`,
  )}</ul>`
}

function attentionItem(scenario: ScenarioReport): Html {
  const { name, verdict, violations, because } = scenario
  const others = violations.filter(({ invariant }) => invariant !== scenario.canary)
  return html`<li>${verdictIcon(verdict)} <span><a href="#${scenarioAnchor(scenario)}">${name}</a> ${
    others.length === 0
      ? html`<span>${cut(because || verdictWords(scenario), 300)}</span>`
      : html`<ul>${others.map((violation) => html`<li><a href="#${violationAnchor(scenario, violation)}">${violation.invariant}</a> <span>${cut(violation.story, 240)}</span></li>`)}</ul>`
  }</span></li>`
}
