/** A share over time as a drawing: each estimate with its interval, and what was asked for. */
import { scaleLinear } from 'd3-scale'
import { quantity, shareText } from '../drawing/words.js'
import { type Html, html } from './markup.js'

export interface DatedShare {
  readonly date: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly estimate: number
  readonly low: number
  readonly high: number
  readonly target: number
}

const width = 640
const height = 150
const margin = { top: 12, right: 16, bottom: 24, left: 58 }

/** Nothing where there is no line to draw. The figures stand in the table below it. */
export function sharesOverTime(name: string, shares: readonly DatedShare[]): Html | false {
  const [first, last] = [shares[0], shares.at(-1)]
  if (!first || !last || shares.length < 2) return false
  const lowest = Math.min(...shares.flatMap(({ low, target }) => [low, target]))
  const floor = Math.max(0, lowest - (1 - lowest) * 0.1)
  const across = scaleLinear([first.at, Math.max(last.at, first.at + 1)], [margin.left, width - margin.right])
  const up = scaleLinear([floor, 1], [height - margin.bottom, margin.top])
  const x = ({ at }: DatedShare) => round(across(at))
  const y = (share: number) => round(up(share))
  const label = `Reliability of ${name} over ${quantity(shares.length, 'run')}: ${shareText(first.estimate, first.target)} at first, ${shareText(last.estimate, last.target)} at last`
  return html`<figure class="over-time"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
<path class="track" d="M${margin.left} ${y(floor)}H${width - margin.right}"/>
<text x="${margin.left - 6}" y="${y(1) + 4}" text-anchor="end">1</text><text x="${margin.left - 6}" y="${y(floor) + 4}" text-anchor="end">${floor.toFixed(3)}</text>
<text x="${margin.left}" y="${height - 6}">${first.date}</text><text x="${width - margin.right}" y="${height - 6}" text-anchor="end">${last.date}</text>
<path class="target" d="${path(shares, x, ({ target }) => y(target))}"/>
${shares.map((share) => html`<path class="range" d="M${x(share)} ${y(share.low)}V${y(share.high)}"/>`)}
<path class="estimates" d="${path(shares, x, ({ estimate }) => y(estimate))}"/>
${shares.map((share) => html`<circle cx="${x(share)}" cy="${y(share.estimate)}" r="3.5"/>`)}
</svg><figcaption>Reliability, each with its interval; dashed: what is asked for</figcaption></figure>`
}

type Of = (share: DatedShare) => number

function path(shares: readonly DatedShare[], x: Of, y: Of): string {
  return shares.map((share, index) => `${index === 0 ? 'M' : 'L'}${x(share)} ${y(share)}`).join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
