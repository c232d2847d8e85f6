/**
 * Reliability against budget, drawn in text. It shows how the share of successes rises with what may be spent, its
 * band, and the corner that the budget sets. It is sound where the curve passes above and left of that corner.
 */
import type { BudgetCurve } from '../../harness/contracts/report/report.js'
import type { Style } from './style.js'
import { flow } from './text.js'
import { amount, shareText } from './words.js'

/** Odd, so that there is one in the middle to label. */
const rows = 9
const columnsMax = 64
/** Fewer than this would show nothing. */
const columnsMin = 10
/** Where the vertical axis may begin: high enough that a curve near 1 has a shape. */
const floors = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999] as const
/** Spends that lie further apart than this are drawn on a logarithmic axis. */
const linearRatioMax = 8

/** How many points the curve is sampled at in each cell, and how many levels a cell can show. */
interface Grain {
  readonly across: number
  readonly down: number
}

/** The part of the plane that is drawn. */
interface View {
  readonly columns: number
  readonly floor: number
  readonly low: number
  readonly high: number
  readonly logarithmic: boolean
}

/** The lines of the drawing, at most `style.width` wide; none where nothing succeeded, or where there is no room. */
export function curveLines(curve: BudgetCurve, style: Style): string[] {
  const last = curve.points.at(-1)
  const columns = Math.min(columnsMax, style.width - axisWidth(curve, style))
  if (last === undefined || columns < columnsMin) return []
  const view = viewOf(curve, last, columns)
  const cells = drawCurve(curve, view, style)
  const drawing = cells.map(
    (line, row) => `${axisLabel(row, curve, view)} ${style.marks.axis}${line.join('').trimEnd()}`,
  )
  return [...drawing, ...footer(curve, view, style)]
}

function viewOf({ points, corner }: BudgetCurve, last: BudgetCurve['points'][number], columns: number): View {
  const lowest = Math.min(last.share, corner.share)
  const floor = floors.findLast((candidate) => candidate <= lowest - (1 - lowest) * 0.6) ?? 0
  const first = points[0]?.spend ?? 0
  const furthest = Math.max(last.spend, corner.spend ?? 0) || 1
  const nearest = Math.min(first, corner.spend ?? first)
  const logarithmic = nearest > 0 && furthest / nearest > linearRatioMax
  const high = round(furthest * (logarithmic ? 1.5 : 1.1), Math.ceil)
  return { columns, floor, logarithmic, low: logarithmic ? round(nearest / 1.5, Math.floor) : 0, high }
}

/** To two digits, up or down, so that the axis ends at figures that can be read. */
function round(value: number, towards: (value: number) => number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Number((towards(value / unit) * unit).toPrecision(2))
}

/** Where a spend stands on the horizontal axis, 0 to 1. */
function across(spend: number, { low, high, logarithmic }: View): number {
  return logarithmic ? Math.log(spend / low) / Math.log(high / low) : spend / high
}

function spendAt(position: number, { low, high, logarithmic }: View): number {
  return logarithmic ? low * (high / low) ** position : high * position
}

/** The level of a share among `levels`, from 0 at the top; beyond the last one it is out of view. */
function levelOf(share: number, levels: number, { floor }: View): number {
  return Math.round(((1 - share) / (1 - floor)) * (levels - 1))
}

function shareAt({ points }: BudgetCurve, spend: number): number {
  return points.findLast((point) => point.spend <= spend)?.share ?? 0
}

/** Painted cells, row by row: the corner over the curve over its band. */
function drawCurve(curve: BudgetCurve, view: View, { marks, colors }: Style): string[][] {
  const grain: Grain = marks.dots === null ? { across: 1, down: 1 } : { across: 2, down: 4 }
  const dots = curveDots(curve, view, grain)
  const band = bandCells(curve, view)
  const corner = cornerCell(curve, view)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: view.columns }, (_, column) => {
      const cell = row * view.columns + column
      const bits = dots.get(cell)
      if (cell === corner) return colors.bold(colors.yellow(marks.corner))
      if (bits !== undefined) return marks.dots === null ? marks.curve : String.fromCodePoint(marks.dots + bits)
      return band.has(cell) ? colors.dim(marks.band) : ' '
    }),
  )
}

/** The bit of each dot of a braille cell, by column and row (Unicode, block Braille Patterns). */
const brailleBits = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

/** The curve's dots by cell; its rises are drawn as well. */
function curveDots(curve: BudgetCurve, view: View, grain: Grain): Map<number, number> {
  const dots = new Map<number, number>()
  const [width, levels] = [view.columns * grain.across, rows * grain.down]
  let before = levels
  for (let x = 0; x < width; x++) {
    const share = shareAt(curve, spendAt((x + 0.5) / width, view))
    const level = share === 0 ? levels : levelOf(share, levels, view)
    for (let y = level; y <= Math.max(level, before - 1) && y < levels; y++) {
      const cell = Math.floor(y / grain.down) * view.columns + Math.floor(x / grain.across)
      dots.set(cell, (dots.get(cell) ?? 0) | (brailleBits[x % grain.across]?.[y % grain.down] ?? 0))
    }
    before = level
  }
  return dots
}

function bandCells(curve: BudgetCurve, view: View): Set<number> {
  const cells = new Set<number>()
  for (let column = 0; column < view.columns; column++) {
    const share = shareAt(curve, spendAt((column + 0.5) / view.columns, view))
    for (const edge of share === 0 ? [] : [share - curve.band, share + curve.band]) {
      const row = levelOf(edge, rows, view)
      if (edge < 1 && row < rows) cells.add(row * view.columns + column)
    }
  }
  return cells
}

function cornerCell({ corner }: BudgetCurve, view: View): number | undefined {
  if (corner.spend === null) return undefined
  const column = Math.min(view.columns - 1, Math.floor(across(corner.spend, view) * view.columns))
  const row = levelOf(corner.share, rows, view)
  return row < rows && column >= 0 ? row * view.columns + column : undefined
}

function axisWidth({ corner }: BudgetCurve, { marks }: Style): number {
  return shareText(0, corner.share).length + 1 + marks.axis.length
}

/** The vertical axis is labelled at its ends and in the middle. */
function axisLabel(row: number, { corner }: BudgetCurve, { floor }: View): string {
  const isLabelled = row === 0 || row === rows - 1 || row === (rows - 1) / 2
  const text = shareText(1 - ((1 - floor) * row) / (rows - 1), corner.share)
  return isLabelled ? text : ' '.repeat(text.length)
}

function footer(curve: BudgetCurve, view: View, style: Style): string[] {
  const { unit, corner, band } = curve
  const { marks, width, colors } = style
  const indent = ' '.repeat(axisWidth(curve, style) - marks.axis.length)
  const ends = [amount(spendAt(0, view), unit), amount(view.high, unit)]
  const gap = Math.max(1, view.columns - ends.join('').length)
  const legend = [
    corner.spend === null
      ? 'no limit on spend'
      : `${marks.corner} budget: ${corner.share} for ${amount(corner.spend, unit)}`,
    `${marks.band} 95 % band, ${shareText(band, corner.share)} to either side`,
    ...(view.logarithmic ? ['logarithmic'] : []),
  ]
  return [
    `${indent}${marks.axisFoot.repeat(view.columns + marks.axis.length)}`,
    `${indent}${' '.repeat(marks.axis.length)}${ends.join(' '.repeat(gap))}`,
    ...flow(legend, '   ', width - indent.length).map((line) => colors.dim(`${indent}${line}`)),
  ]
}
