/** The fault coverage of a run: for each site and fault the trials that planned it, that reached it, and where it landed. */
import type { CoverageRow, ScenarioReport } from '../../harness/contracts/report/report.js'
import type { Style } from '../drawing/style.js'
import { type Cell, type Column, type Paint, table } from '../drawing/table.js'

const columns: readonly Column[] = [
  { title: 'site', align: 'left', shrinks: true },
  { title: 'fault', align: 'left', shrinks: true },
  { title: 'planned', align: 'right' },
  { title: 'reached', align: 'right' },
  { title: 'landed', align: 'right' },
]

/** One table for each scenario that has any coverage; expects values that are cleaned. */
export function coverage(scenarios: readonly ScenarioReport[], style: Style): string[][] {
  return scenarios
    .filter((scenario) => scenario.coverage.length > 0)
    .map((scenario) => {
      const titled = columns.map((column, index) => (index === 0 ? { ...column, title: scenario.name } : column))
      return table(titled, rowsOf(scenario.coverage, style), style)
    })
}

function rowsOf(coverage: readonly CoverageRow[], style: Style): Cell[][] {
  return coverage.map((row, index) => {
    const repeated = index > 0 && coverage[index - 1]?.site === row.site
    const paint = paintOf(row, style)
    return [
      { text: repeated ? '' : row.site },
      { text: row.fault, paint },
      { text: String(row.planned), paint },
      { text: String(row.reached), paint },
      { text: String(row.landed), paint },
    ]
  })
}

function paintOf({ reached, landed }: CoverageRow, { colors }: Style): Paint | undefined {
  if (landed > 0) return undefined
  return reached > 0 ? colors.yellow : colors.dim
}
