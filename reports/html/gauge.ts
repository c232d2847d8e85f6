/** The error budget as a gauge: how much of what may fail has failed, with what is known of it, against all of it. */
import { scaleLinear } from 'd3-scale'
import type { MeasureReport } from '../../harness/contracts/report/report.js'
import { percent } from '../drawing/words.js'
import { type Html, html } from './markup.js'

const width = 320
const height = 44
const top = 8
const thickness = 14

/** `null` where nothing was measured. */
export function budgetGauge({ errorBudget, reliability }: MeasureReport): Html | null {
  const { consumed, interval, allowed } = errorBudget
  if (consumed === null) return null
  const furthest = Math.max(1, consumed, Math.min(interval.high, 2)) * 1.04
  const across = scaleLinear()
    .domain([0, furthest])
    .range([1, width - 1])
    .clamp(true)
  const x = (value: number) => Math.round(across(value) * 10) / 10
  const middle = top + thickness / 2
  const text = `${percent(consumed)} of the error budget consumed; 95 % sure of ${percent(interval.low)} to ${percent(interval.high)}`
  const open = interval.high > furthest
  return html`<figure class="gauge ${consumed > 1 ? 'over' : 'within'}">
<figcaption><strong>${percent(consumed)}</strong> of the error budget consumed</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${text}">
<rect class="track" x="1" y="${top}" width="${x(1) - 1}" height="${thickness}" rx="2"/>
<rect class="fill" x="1" y="${top}" width="${Math.max(2, x(consumed) - 1)}" height="${thickness}" rx="2" data-consumed="${consumed}"/>
<path class="whisker" d="M${x(interval.low)} ${middle}H${x(interval.high)}M${x(interval.low)} ${middle - 4}v8${open ? '' : `M${x(interval.high)} ${middle - 4}v8`}"/>
<path class="all" d="M${x(1)} ${top - 5}v${thickness + 10}"/>
<text x="1" y="${height - 2}">0</text><text x="${x(1)}" y="${height - 2}" text-anchor="${x(1) > width - 20 ? 'end' : 'middle'}">100 %</text>
</svg>
<p class="fine">${percent(interval.low)} to ${percent(interval.high)}, 95 % sure. ${percent(allowed)} of the trials may fail where ${reliability.target} is asked for.</p>
</figure>`
}
