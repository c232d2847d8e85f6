/** Columns that line up and fit the width: the widest of those that may shrink give way first. */
import type { Style } from './style.js'
import { clip, columnsOf, padEnd, padStart } from './text.js'

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
  /** Whether its cells may be cut to make the table fit. */
  readonly shrinks?: boolean
}

/** Colours one cell, after it has been cut and padded. */
export type Paint = (text: string) => string
export interface Cell {
  readonly text: string
  readonly paint?: Paint | undefined
}

const gap = 2
const narrowest = 6

/** The lines of a table, its titles first; each at most `style.width` columns less the indent. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], style: Style): string[] {
  const widths = fitWidths(columns, rows, style.width)
  const titles = columns.map(({ title }) => ({ text: title, paint: style.colors.dim }))
  return [titles, ...rows].map((row) => {
    const cells = columns.map((column, index) => cellText(column, row[index], widths[index] ?? 0, style))
    return joinCells(cells, row, columns)
  })
}

function cellText(column: Column, cell: Cell | undefined, width: number, style: Style): string {
  const text = clip(cell?.text ?? '', width, style.marks.ellipsis)
  return column.align === 'right' ? padStart(text, width) : padEnd(text, width)
}

function joinCells(cells: readonly string[], row: readonly Cell[], columns: readonly Column[]): string {
  const last = columns.length - 1
  const painted = cells.map((text, index) => {
    const shown = index === last ? text.trimEnd() : text
    return row[index]?.paint?.(shown) ?? shown
  })
  return painted.join(' '.repeat(gap)).trimEnd()
}

function fitWidths(columns: readonly Column[], rows: readonly (readonly Cell[])[], width: number): number[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(columnsOf(title), ...rows.map((row) => columnsOf(row[index]?.text ?? ''))),
  )
  const room = width - gap * (columns.length - 1)
  let excess = widths.reduce((sum, each) => sum + each, 0) - room
  while (excess > 0) {
    const widest = indexOfWidest(columns, widths)
    if (widest < 0) break
    widths[widest] = (widths[widest] ?? 0) - 1
    excess--
  }
  return widths
}

function indexOfWidest(columns: readonly Column[], widths: readonly number[]): number {
  let found = -1
  columns.forEach((column, index) => {
    const width = widths[index] ?? 0
    if (column.shrinks && width > narrowest && width > (widths[found] ?? 0)) found = index
  })
  return found
}
