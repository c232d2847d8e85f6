/**
 * Reliability against budget as a drawing: one line for each fault rate, each with its band, and the corner that the budget
 * sets. A function of plain points, which does not know how they were measured.
 */
import { scaleLinear, scaleLog } from 'd3-scale'
import { area, curveStepAfter, line } from 'd3-shape'
import type { BudgetCurve } from '../../harness/contracts/report/report.js'
import { amount, shareText } from '../drawing/words.js'
import { type Html, html, ours } from './markup.js'

export interface CurveLine {
  /** What tells it from the others: `fault rate 0.1`. */
  readonly label: string
  readonly points: BudgetCurve['points']
  /** Half the width of its band. */
  readonly band: number
}

export interface CurvePlot {
  /** Unique on the page. */
  readonly id: string
  readonly unit: BudgetCurve['unit']
  readonly corner: BudgetCurve['corner']
  /** From the lowest fault rate to the highest. */
  readonly lines: readonly CurveLine[]
}

const width = 640
const height = 320
const margin = { top: 30, right: 20, bottom: 48, left: 58 }
/** Where the vertical axis may begin: high enough that a curve near 1 has a shape. */
const floors = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999] as const
/** Spends that lie further apart than this are drawn on a logarithmic axis. */
const linearRatioMax = 8
/** More lines would not be told apart; the style has as many colours. */
const shades = 6

type Scale = (value: number) => number

interface View {
  readonly x: Scale
  readonly y: Scale
  readonly from: number
  readonly to: number
  readonly floor: number
  readonly logarithmic: boolean
  readonly ticksX: readonly number[]
  readonly ticksY: readonly number[]
}

/** The drawing with its legend and its figures in a table; `null` where nothing ever succeeded. */
export function curvePlot(plot: CurvePlot): Html | null {
  const drawn = plot.lines.filter(({ points }) => points.length > 0)
  if (drawn.length === 0) return null
  const view = viewOf(plot, drawn)
  const title = `Reliability against ${plot.unit} spent`
  return html`<figure class="curve" id="${plot.id}">
<figcaption>${title}${view.logarithmic ? ' (logarithmic)' : ''}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}: ${summary(plot)}">
<clipPath id="${plot.id}-view"><rect x="${margin.left}" y="${margin.top - 2}" width="${width - margin.left - margin.right}" height="${height - margin.top - margin.bottom + 2}"/></clipPath>
${gridLines(plot, view)}
${cornerRegion(plot, view)}
<g clip-path="url(#${plot.id}-view)">${drawn.map((line, index) => curveLine(line, shadeOf(index, drawn.length), view))}</g>
${cornerMark(plot, view)}
</svg>
${legend(plot, drawn)}
${figuresTable(plot)}
</figure>`
}

/** The highest fault rate is the darkest; of one line, the darkest. */
function shadeOf(index: number, count: number): number {
  return count === 1 ? shades : Math.max(1, Math.round(1 + (index * (shades - 1)) / (count - 1)))
}

function viewOf({ corner }: CurvePlot, lines: readonly CurveLine[]): View {
  const points = lines.flatMap((line) => line.points)
  const spends = points.map(({ spend }) => spend)
  // Low enough that the band of each line is seen as one where the line is at its highest.
  const lowest = Math.min(...lines.map(({ points, band }) => (points.at(-1)?.share ?? 0) - band), corner.share)
  const floor = floors.findLast((candidate) => candidate <= lowest - (1 - lowest) * 0.3) ?? 0
  const furthest = Math.max(...spends, corner.spend ?? 0) || 1
  const nearest = Math.min(...spends, corner.spend ?? Number.POSITIVE_INFINITY)
  const logarithmic = nearest > 0 && furthest / nearest > linearRatioMax
  const from = logarithmic ? nearest / 1.6 : 0
  const to = furthest * (logarithmic ? 1.6 : 1.08)
  const across = (logarithmic ? scaleLog() : scaleLinear())
    .domain([from, to])
    .range([margin.left, width - margin.right])
  const down = scaleLinear()
    .domain([floor, 1])
    .range([height - margin.bottom, margin.top])
  const ticksX = logarithmic ? across.ticks().filter((tick) => /^[125]/.test(leading(tick))) : across.ticks(6)
  return {
    x: (value) => round(across(value)),
    y: (value) => round(down(value)),
    from,
    to,
    floor,
    logarithmic,
    ticksX: spaceOut(ticksX, across, 64),
    ticksY: down.ticks(5),
  }
}

function leading(value: number): string {
  return value.toExponential().slice(0, 1)
}

/** Ticks whose labels do not run into each other. */
function spaceOut(ticks: readonly number[], scale: Scale, room: number): number[] {
  const kept: number[] = []
  for (const tick of ticks) {
    const last = kept.at(-1)
    if (last === undefined || scale(tick) - scale(last) >= room) kept.push(tick)
  }
  return kept
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function gridLines({ corner }: CurvePlot, { x, y, ticksX, ticksY }: View): Html {
  const foot = height - margin.bottom
  return html`<g class="grid">${ticksY.map(
    (tick) =>
      html`<line x1="${margin.left}" x2="${width - margin.right}" y1="${y(tick)}" y2="${y(tick)}"/><text x="${margin.left - 8}" y="${y(tick) + 4}" text-anchor="end">${axisShare(tick, corner.share)}</text>`,
  )}${ticksX.map(
    (tick) =>
      html`<line class="tick" x1="${x(tick)}" x2="${x(tick)}" y1="${foot}" y2="${foot + 5}"/><text x="${x(tick)}" y="${foot + 20}" text-anchor="middle">${String(Number(tick.toPrecision(3)))}</text>`,
  )}<text class="name" x="${width - margin.right}" y="${height - 8}" text-anchor="end">spent at most</text><text class="name" x="${margin.left - 50}" y="14">P(success)</text></g>`
}

function axisShare(share: number, target: number): string {
  return share >= 0.9 && target > 0.99 ? shareText(share, target) : String(Number(share.toFixed(4)))
}

/** Where a curve has to pass: above and left of the corner. */
function cornerRegion({ corner }: CurvePlot, { x, y, to }: View): Html {
  const right = x(corner.spend ?? to)
  const below = y(corner.share)
  const [w, h] = [round(right - margin.left), round(below - margin.top)]
  return html`<rect class="demand" x="${margin.left}" y="${margin.top}" width="${w}" height="${h}"/><path class="demand-edge" d="M${margin.left} ${below}H${right}${corner.spend === null ? '' : `V${margin.top}`}"/>`
}

function cornerMark({ corner, unit }: CurvePlot, { x, y, to }: View): Html {
  const [cx, cy] = [x(corner.spend ?? to), y(corner.share)]
  const onLeft = cx < width / 2
  const text =
    corner.spend === null ? `at least ${corner.share}` : `at least ${corner.share} for ${amount(corner.spend, unit)}`
  return html`<g class="corner">${corner.spend !== null && html`<path d="M${cx} ${cy - 7}l7 7l-7 7l-7-7z"/>`}<text x="${onLeft ? cx + 12 : cx - 10}" y="${cy + 22}" text-anchor="${onLeft ? 'start' : 'end'}">${text}</text></g>`
}

interface Step {
  readonly spend: number
  readonly share: number
}

/** A step curve: nothing before its first point, and level after its last. */
function steps({ points }: CurveLine, { from, to }: View): Step[] {
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return []
  return [{ spend: Math.max(from, first.spend), share: 0 }, ...points, { spend: to, share: last.share }]
}

function curveLine(curve: CurveLine, shade: number, view: View): Html {
  const { x, y, to } = view
  const thinned = { ...curve, points: onePerPixel(curve.points, x) }
  const path = line<Step>()
    .x(({ spend }) => x(spend))
    .y(({ share }) => y(share))
    .curve(curveStepAfter)
    .digits(1)
  const band = area<Step>()
    .x(({ spend }) => x(spend))
    .y0(({ share }) => y(share - curve.band))
    .y1(({ share }) => y(share + curve.band))
    .curve(curveStepAfter)
    .digits(1)
  const last = thinned.points.at(-1)?.share ?? 0
  const banded = [...thinned.points, { spend: to, share: last }]
  return html`<g class="line shade-${shade}"><path class="band" d="${ours(band(banded) ?? '')}"/><path class="stroke" d="${ours(path(steps(thinned, view)) ?? '')}"/>${pointMarks(thinned.points, view)}</g>`
}

/** More would be a line of their own. */
const marksMost = 40

function pointMarks(points: readonly Step[], { x, y, floor }: View): Html | false {
  const inView = points.filter(({ share }) => share >= floor)
  if (inView.length > marksMost) return false
  return html`${inView.map(
    ({ spend, share }) =>
      html`<circle cx="${x(spend)}" cy="${y(share)}" r="2.5" data-spend="${spend}" data-share="${share}"/>`,
  )}`
}

/** Of thousands of points no more can be seen than one for each place on the axis, the last there. */
function onePerPixel(points: readonly Step[], x: Scale): Step[] {
  return points.filter(({ spend }, index) => {
    const next = points[index + 1]
    return next === undefined || Math.round(x(next.spend)) > Math.round(x(spend))
  })
}

function summary({ unit, lines, corner }: CurvePlot): string {
  const asked = `at least ${corner.share}${corner.spend === null ? '' : ` for ${amount(corner.spend, unit)}`}`
  const parts = lines.map(
    ({ label, points }) => `${label} reaches ${shareText(points.at(-1)?.share ?? 0, corner.share)}`,
  )
  return `${parts.join(', ')}; the budget asks for ${asked}`
}

function legend({ corner }: CurvePlot, lines: readonly CurveLine[]): Html {
  return html`<ul class="legend">${lines.map(
    ({ label, band }, index) =>
      html`<li><span class="key line shade-${shadeOf(index, lines.length)}"></span>${label}, 95 % band ± ${shareText(band, corner.share)}</li>`,
  )}<li><span class="key demand"></span>where it has to pass</li></ul>`
}

/** A table of more rows is for programs. */
const rowsMost = 24

function figuresTable({ unit, lines, corner }: CurvePlot): Html {
  return html`<details class="figures"><summary>The figures</summary>${lines.map(
    ({ label, points }) => html`<table><caption>${label}</caption>
<thead><tr><th scope="col">spent at most</th><th scope="col">P(success)</th></tr></thead>
<tbody>${thinTo(points, rowsMost).map(
      ({ spend, share }) => html`<tr><td>${amount(spend, unit)}</td><td>${shareText(share, corner.share)}</td></tr>`,
    )}</tbody></table>`,
  )}</details>`
}

/** The first, the last, and those between at equal distances. */
function thinTo<T>(rows: readonly T[], most: number): T[] {
  if (rows.length <= most) return [...rows]
  return Array.from({ length: most }, (_, index) => rows[Math.round((index * (rows.length - 1)) / (most - 1))] as T)
}
