/** The map of a run: for each site and fault the trials that planned it, that reached it, and where it landed. Then what was left out. */
import type { CoverageRow, ScenarioReport } from '../../harness/contracts/report/report.js'
import type { Style } from '../drawing/style.js'
import { type Cell, type Column, type Paint, table } from '../drawing/table.js'
import { hang } from '../drawing/text.js'
import { cellName, leftOutLines, mapText, newBehaviourText } from '../reading/map.js'

const columns: readonly Column[] = [
  { title: 'site', align: 'left', shrinks: true },
  { title: 'fault', align: 'left', shrinks: true },
  { title: 'planned', align: 'right' },
  { title: 'reached', align: 'right' },
  { title: 'masked', align: 'right' },
  { title: 'landed', align: 'right' },
]

/** One table for each scenario that has any coverage; expects values that are cleaned. */
export function coverage(scenarios: readonly ScenarioReport[], style: Style): string[][] {
  return scenarios
    .filter((scenario) => scenario.coverage.length > 0)
    .map((scenario) => {
      const titled = columns.map((column, index) => (index === 0 ? { ...column, title: scenario.name } : column))
      return [...table(titled, rowsOf(scenario.coverage, style), style), ...aboutLines(scenario, style)]
    })
}

function aboutLines(scenario: ScenarioReport, style: Style): string[] {
  const { coverage: rows, search } = scenario
  const facts = [mapText(rows), newBehaviourText(search)].filter((text) => text !== '')
  const left = leftOutLines(scenario).map((line) => `left out: ${line}`)
  return [...facts, ...left].flatMap((text) => hang('  ', text, style.width)).map((line) => style.colors.dim(line))
}

function rowsOf(coverage: readonly CoverageRow[], style: Style): Cell[][] {
  return coverage.map((row, index) => {
    const repeated = index > 0 && coverage[index - 1]?.site === row.site
    const paint = paintOf(row, style)
    return [
      { text: repeated ? '' : row.site },
      { text: cellName(row), paint },
      { text: String(row.planned), paint },
      { text: String(row.reached), paint },
      { text: String(row.masked), paint },
      { text: String(row.landed), paint },
    ]
  })
}

function paintOf({ state }: CoverageRow, { colors }: Style): Paint | undefined {
  if (state === 'struck') return undefined
  return state === 'reached' || state === 'masked' ? colors.yellow : colors.dim
}
