/** What was measured of a scenario: its reliability against the budget as a curve, the error budget, and the outcomes. */
import type { MeasureReport } from '../../harness/contracts/report/report.js'
import { gateWords, percent, shareText } from '../drawing/words.js'
import { figures } from '../reading/figures.js'
import { outcomeWords } from '../terminal/measure.js'
import { type CurvePlot, curvePlot } from './curve.js'
import { budgetGauge } from './gauge.js'
import { type Html, html } from './markup.js'

/** `because`: what has been said of the scenario already. */
export function reliability(measure: MeasureReport, anchor: string, because: string): Html {
  const { gate, trials } = measure
  if (trials === 0)
    return html`<div class="reliability"><p class="${gateLooks[gate.verdict]}">${gate.because}</p></div>`
  const [first, ...others] = plotsOf(measure, anchor)
  return html`<div class="reliability">
<p class="estimate"><strong class="${gateLooks[gate.verdict]}">${estimateText(measure)}</strong> ${askedText(measure)}</p>
${!because.includes(gate.because) && html`<p class="fine">${gate.because}</p>`}
<div class="charts">${first && curvePlot(first)}
<div class="beside-curve">${budgetGauge(measure)}${outcomes(measure)}${facts(measure)}</div></div>
${others.length > 0 && html`<details class="other-curves"><summary>Against ${others.map(({ unit }) => unit).join(', ')}</summary><div class="charts equal">${others.map(curvePlot)}</div></details>`}
</div>`
}

export const gateLooks: Readonly<Record<MeasureReport['gate']['verdict'], string>> = {
  met: 'good',
  missed: 'bad',
  'not-shown': 'unsure',
  inconclusive: 'unsure',
  refused: 'unsure',
  pending: 'unsure',
}

export function estimateText({ reliability: { estimate, target } }: MeasureReport): string {
  return estimate === null ? 'unknown' : shareText(estimate, target)
}

function askedText(measure: MeasureReport): string {
  const { reliability: known } = measure
  const share = (value: number) => shareText(value, known.target)
  const { low, high } = known.interval
  return `reliable at fault rate ${known.faultRate.nominal} (${percent(known.confidence)}: ${share(low)} to ${share(high)}); ${known.target} is asked for: ${gateWords[measure.gate.verdict]}`
}

/** One drawing for each unit, that which the budget limits first, with one line for each fault rate. */
function plotsOf({ curve, curves, sweep, reliability }: MeasureReport, anchor: string): CurvePlot[] {
  const own = reliability.faultRate.nominal
  const others = curves.filter(({ unit }) => unit !== curve.unit)
  return [curve, ...others].map(({ unit, corner, points, band }) => {
    const swept = sweep.flatMap(({ faultRate, curves }) => {
      const found = curves.find((each) => each.unit === unit)
      return found && faultRate.nominal !== own ? [{ rate: faultRate.nominal, ...found }] : []
    })
    const rates = [...swept, { rate: own, points, band }].sort((a, b) => a.rate - b.rate)
    const lines = rates.map(({ rate, points, band }) => ({ label: `fault rate ${rate}`, points, band }))
    return { id: `${anchor}.curve-${unit}`, unit, corner, lines }
  })
}

function outcomes({ outcomes, trials }: MeasureReport): Html {
  const names = Object.keys(outcomeWords) as (keyof typeof outcomeWords)[]
  const came = names.filter((name) => name === 'success' || outcomes[name] > 0)
  return html`<table class="outcomes"><caption>What the trials came to</caption>
<tbody>${came.map(
    (name) =>
      html`<tr class="${name}"><th scope="row">${outcomeWords[name]}</th><td class="figure">${outcomes[name]}</td><td class="figure">${percent(outcomes[name] / trials)}</td></tr>`,
  )}</tbody></table>`
}

/** The gauge has shown the error budget. */
function facts(measure: MeasureReport): Html {
  const rows = figures(measure).filter(([label, parts]) => label !== 'error budget' && parts.length > 0)
  return html`<dl class="facts">${rows.map(([label, parts]) => html`<div><dt>${label}</dt><dd>${parts.join('; ')}</dd></div>`)}</dl>`
}
