/** Several runs as one page for people: verdicts, violations, and the reliability of each scenario, over time. */
import { compareByCodeUnit } from '../../harness/contracts/order.js'
import type { Report, ScenarioReport, ViolationReport } from '../../harness/contracts/report/report.js'
import { quantity, runWords, shareText, verdictWords } from '../drawing/words.js'
import { type DatedShare, sharesOverTime } from './history-chart.js'
import { lookOf, verdictIcon } from './looks.js'
import { type Html, html } from './markup.js'
import { page } from './page.js'

/** A document for a browser; the same reports give the same bytes, in whichever order they come. */
export function history(reports: readonly Report[]): string {
  const runs = [...reports].sort((left, right) => compareByCodeUnit(left.timing.startedAt, right.timing.startedAt))
  const names = [...new Set(runs.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)))]
  const content = html`${header(runs)}
<main id="content">
<section class="overview" aria-labelledby="overview-title"><h2 id="overview-title">Runs</h2>${runTable(runs)}</section>
${names.map((name, index) => scenarioHistory(name, index, runs))}
</main>`
  return page(`History of ${quantity(runs.length, 'run')} – agent-chaos`, content)
}

function dateOf({ timing }: Report): string {
  return timing.startedAt.slice(0, 16).replace('T', ' ')
}

function header(runs: readonly Report[]): Html | false {
  const [first, last] = [runs[0], runs.at(-1)]
  if (!first || !last) return false
  return html`<header class="top ${lookOf(last.verdict)}">
<p class="brand">agent-chaos</p>
<h1>${verdictIcon(last.verdict)} History of ${quantity(runs.length, 'run')}</h1>
<p class="why">From ${dateOf(first)} to ${dateOf(last)} UTC. The last one: ${runWords(last)}.</p>
</header>`
}

function runTable(runs: readonly Report[]): Html {
  return html`<table class="scenarios history"><thead><tr><th scope="col">started (UTC)</th><th scope="col">verdict</th><th scope="col" class="figure">passed</th><th scope="col" class="figure">trials</th><th scope="col" class="figure">violations</th><th scope="col" class="figure">seed</th><th scope="col" class="figure">version</th></tr></thead>
<tbody>${[...runs].reverse().map(runRow)}</tbody></table>`
}

function runRow(run: Report): Html {
  const { verdict, totals, seed, environment } = run
  return html`<tr><th scope="row">${verdictIcon(verdict)} ${dateOf(run)}</th><td class="${lookOf(verdict)} words">${runWords(run)}</td><td class="figure">${totals.passed} of ${totals.scenarios}</td><td class="figure">${totals.trials}</td><td class="figure">${totals.violations}</td><td class="figure">${seed}</td><td class="figure">${environment.version}</td></tr>`
}

/** A scenario in one run; nothing where it was not in it. */
interface Appearance {
  readonly run: Report
  readonly scenario: ScenarioReport | undefined
}

function scenarioHistory(name: string, index: number, runs: readonly Report[]): Html {
  const all: Appearance[] = runs.map((run) => ({ run, scenario: run.scenarios.find((one) => one.name === name) }))
  const id = `history-${index}`
  return html`<section class="scenario" aria-labelledby="${id}"><h2 id="${id}">${name}</h2>
${sharesOverTime(name, all.flatMap(shareOf))}
<table class="scenarios history"><thead><tr><th scope="col">started (UTC)</th><th scope="col">verdict</th><th scope="col" class="figure">reliability</th><th scope="col" class="figure">asked for</th><th scope="col" class="figure">violations</th></tr></thead>
<tbody>${[...all].reverse().map(appearanceRow)}</tbody></table>
${violationTable(all)}</section>`
}

function appearanceRow({ run, scenario }: Appearance): Html {
  const date = dateOf(run)
  if (!scenario)
    return html`<tr><th scope="row">${date}</th><td class="words">not in this run</td><td class="figure"></td><td class="figure"></td><td class="figure"></td></tr>`
  const { verdict, measure, violations } = scenario
  const { estimate = null, target, interval } = measure?.reliability ?? {}
  const share =
    estimate === null || !interval || target === undefined
      ? 'not measured'
      : `${shareText(estimate, target)} (${shareText(interval.low, target)} to ${shareText(interval.high, target)})`
  return html`<tr><th scope="row">${verdictIcon(verdict)} ${date}</th><td class="${lookOf(verdict)} words">${verdictWords(scenario)}</td><td class="figure">${share}</td><td class="figure">${target ?? ''}</td><td class="figure">${violations.length}</td></tr>`
}

function shareOf({ run, scenario }: Appearance): DatedShare[] {
  const { estimate = null, target, interval } = scenario?.measure?.reliability ?? {}
  if (estimate === null || target === undefined || !interval) return []
  return [{ date: dateOf(run), at: Date.parse(run.timing.startedAt), estimate, target, ...interval }]
}

/** Each violation once, with the runs that showed it. */
function violationTable(all: readonly Appearance[]): Html | false {
  const keyOf = ({ invariant, signature }: ViolationReport) => `${invariant} (${signature})`
  const keys = [...new Set(all.flatMap(({ scenario }) => scenario?.violations.map(keyOf) ?? []))].sort()
  if (keys.length === 0) return false
  const rows = keys.map((key) => {
    const showing = all.filter(({ scenario }) => scenario?.violations.some((one) => keyOf(one) === key))
    const last = all.findLast(({ scenario }) => scenario !== undefined)
    const [from, to] = [showing[0], showing.at(-1)].map((one) => (one ? dateOf(one.run) : ''))
    const now = showing.at(-1) === last ? 'still there' : 'gone'
    return html`<tr><th scope="row">${key}</th><td class="words">${now}</td><td>${from}</td><td>${to}</td><td class="figure">${showing.length}</td></tr>`
  })
  return html`<table class="scenarios history"><thead><tr><th scope="col">violation</th><th scope="col">in the last run</th><th scope="col">first seen</th><th scope="col">last seen</th><th scope="col" class="figure">runs</th></tr></thead><tbody>${rows}</tbody></table>`
}
