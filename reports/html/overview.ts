/** All scenarios in a table that leads to each of them, and the filters over it. */
import { scaleLinear } from 'd3-scale'
import type { MeasureReport, Report, ScenarioReport } from '../../harness/contracts/report/report.js'
import { trialsOf } from '../../harness/contracts/report/trials.js'
import { shareText, verdictWords } from '../drawing/words.js'
import { scenarioAnchor } from './anchors.js'
import { type Arrangement, arrange } from './arrangement.js'
import { lookOf, verdictIcon } from './looks.js'
import { type Html, html } from './markup.js'

export function overview({ scenarios }: Report): Html | false {
  if (scenarios.length === 0) return false
  const arrangement = arrange(scenarios)
  return html`<section class="overview" aria-labelledby="overview-title"><h2 id="overview-title">Scenarios</h2>
${scenarios.length > 1 && filters(scenarios)}
${arrangement.scenarios.length > 0 && table(arrangement.scenarios)}
${arrangement.canaries.length > 0 && caughtSection(arrangement)}</section>`
}

/** They are many, and as they should be; where there is nothing else, they are what was run. */
function caughtSection({ scenarios, canaries }: Arrangement): Html {
  return html`<details class="caught" data-rows${scenarios.length === 0 && html` open`}><summary>${canaries.length === 1 ? '1 canary' : `${canaries.length} canaries`} caught</summary>${table(canaries)}</details>`
}

function table(scenarios: readonly ScenarioReport[]): Html {
  const floor = commonFloor(scenarios)
  return html`<table class="scenarios" data-rows><thead><tr><th scope="col">scenario</th><th scope="col">verdict</th><th scope="col" class="wide">reliability</th><th scope="col" class="figure">trials</th><th scope="col" class="figure">violations</th></tr></thead>
<tbody>${scenarios.map((scenario) => rowOf(scenario, floor))}</tbody></table>`
}

function rowOf(scenario: ScenarioReport, floor: number): Html {
  const { name, verdict, measure, violations } = scenario
  const anchor = scenarioAnchor(scenario)
  return html`<tr data-row="${anchor}"><th scope="row">${verdictIcon(verdict)} <a href="#${anchor}">${name}</a></th><td class="${lookOf(verdict)} words">${verdictWords(scenario)}</td><td class="wide">${measure !== null && measure.trials > 0 && interval(measure, floor)}</td><td class="figure">${trialsOf(scenario)}</td><td class="figure">${violations.length}</td></tr>`
}

const width = 140
const height = 18

/** Where the axis of all rows begins, so that they can be compared. */
function commonFloor(scenarios: readonly ScenarioReport[]): number {
  const lows = scenarios.flatMap(({ measure }) =>
    measure === null || measure.trials === 0 ? [] : [measure.reliability.target, measure.reliability.interval.low],
  )
  const lowest = Math.min(1, ...lows)
  return Math.max(0, lowest - (1 - lowest) * 0.1)
}

/** The estimate with its interval, and what is asked for. */
function interval(measure: MeasureReport, floor: number): Html {
  const { estimate, target, interval } = measure.reliability
  const { low, high } = interval
  const across = scaleLinear()
    .domain([floor, 1])
    .range([3, width - 3])
  const x = (value: number) => Math.round(across(value) * 10) / 10
  const text = `${shareText(estimate ?? 0, target)}, 95 % sure of ${shareText(low, target)} to ${shareText(high, target)}; ${target} is asked for`
  return html`<svg class="interval" viewBox="0 0 ${width} ${height}" role="img" aria-label="${text}"><path class="track" d="M3 9H137"/><path class="range" d="M${x(low)} 9H${x(high)}"/><path class="target" d="M${x(target)} 3v12"/><circle cx="${x(estimate ?? 0)}" cy="9" r="3.5"/></svg> <span>${shareText(estimate ?? 0, target)}</span>`
}

/** They do nothing without the script, and are not shown without it. */
function filters(scenarios: readonly ScenarioReport[]): Html {
  const verdicts = [...new Set(scenarios.map(({ verdict }) => verdict))]
  const invariants = [...new Set(scenarios.flatMap(({ violations }) => violations.map(({ invariant }) => invariant)))]
  const canaries = scenarios.filter(({ canary }) => canary !== null).length
  return html`<form class="filters" role="search" aria-label="Filter scenarios" hidden>
<label>Name <input type="search" name="name" autocomplete="off" spellcheck="false"></label>
${choice('verdict', 'Verdict', verdicts)}
${invariants.length > 0 && choice('invariant', 'Violated', invariants.sort())}
${canaries > 0 && canaries < scenarios.length && html`<label class="check"><input type="checkbox" name="canaries" checked> canaries</label>`}
<output aria-live="polite"></output></form>`
}

function choice(name: string, label: string, values: readonly string[]): Html {
  return html`<label>${label} <select name="${name}"><option value="">any</option>${values.map((value) => html`<option value="${value}">${value}</option>`)}</select></label>`
}
