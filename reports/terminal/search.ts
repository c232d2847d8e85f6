/** How far the search went: planned is not landed, and the reader should see the difference. */
import type { ScenarioReport } from '../../harness/contracts/report/report.js'
import type { Style } from '../drawing/style.js'
import { type Cell, type Column, table } from '../drawing/table.js'

const columns: readonly Column[] = [
  { title: 'search', align: 'left', shrinks: true },
  { title: 'planned', align: 'right' },
  { title: 'run', align: 'right' },
  { title: 'reached', align: 'right' },
  { title: 'landed', align: 'right' },
  { title: 'skipped', align: 'right' },
]

/** One line per scenario, in trials; expects values that are cleaned. */
export function searchTable(scenarios: readonly ScenarioReport[], style: Style): string[] {
  const searched = scenarios.filter(({ search }) => search.planned > 0)
  if (searched.length === 0) return []
  const rows = searched.map(({ name, search }): Cell[] => [
    { text: name },
    { text: String(search.planned) },
    { text: String(search.run) },
    { text: String(search.reached) },
    { text: String(search.landed) },
    { text: String(search.skipped), paint: search.skipped > 0 ? style.colors.yellow : undefined },
  ])
  return table(columns, rows, style)
}
