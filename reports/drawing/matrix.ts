/**
 * The detection matrix: a line for each planted bug, a column for each invariant that caught one or fired beside it. Apart
 * from the rest of a selftest's report, for it is a drawing.
 */
import type { AgentReport, BugReport } from '../../harness/contracts/report/selftest-report.js'
import type { Style } from './style.js'
import { type Cell, type Column, table } from './table.js'
import { flow } from './text.js'

/** Columns are named by a letter each, and a legend says what they stand for. */
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Expects values that are cleaned. */
export function matrix(bugs: readonly BugReport[], style: Style): string[] {
  if (bugs.length === 0) return []
  const names = invariantsIn(bugs)
  const columns: Column[] = [
    { title: '', align: 'left' },
    { title: 'planted bug', align: 'left', shrinks: true },
    { title: 'trials', align: 'right' },
    { title: 'faults', align: 'right' },
    { title: 'twin', align: 'right' },
    { title: names.map((_, index) => letters[index] ?? '?').join(''), align: 'left' },
  ]
  const rows = bugs.map((bug) => rowOf(bug, names, style))
  return [...table(columns, rows, style), '', ...legend(names, style)]
}

/** Those that are to catch something, and those that fired beside them. */
function invariantsIn(bugs: readonly BugReport[]): string[] {
  return [...new Set(bugs.flatMap((bug) => [bug.invariant, ...invariantsFiredIn(bug)]))].sort()
}

function invariantsFiredIn({ invariants }: BugReport): string[] {
  return invariants.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name)
}

function rowOf(bug: BugReport, names: readonly string[], style: Style): Cell[] {
  const { colors, marks } = style
  const paint = bug.found ? undefined : colors.red
  const fired = invariantsFiredIn(bug)
  const dots = names.map((name) => {
    if (name === bug.invariant) return bug.found ? marks.hit : marks.bad
    return fired.includes(name) ? marks.side : marks.miss
  })
  return [
    { text: bug.found ? marks.good : marks.bad, paint: bug.found ? colors.green : colors.red },
    { text: bug.name, paint },
    { text: bug.found ? String(bug.found.afterTrials) : 'not found', paint },
    { text: bug.found ? String(bug.found.faults) : '' },
    twinCell(bug.twin, style),
    { text: dots.join('') },
  ]
}

/** How many trials it was quiet in. */
function twinCell(twin: AgentReport | null, { colors, marks }: Style): Cell {
  if (twin === null) return { text: marks.untested, paint: colors.dim }
  if (twin.verdict === 'quiet') return { text: String(twin.trials) }
  return { text: twin.verdict === 'alarm' ? 'alarm' : 'unsure', paint: colors.red }
}

function legend(names: readonly string[], { colors, marks, width }: Style): string[] {
  const columns = names.map((name, index) => `${letters[index] ?? '?'} ${name}`)
  const words = [
    `${marks.hit} caught it`,
    `${marks.side} fired as well`,
    'trials: of the search, until it was found',
    'faults: in the minimal plan',
    'twin: trials of the repaired one without an alarm',
  ]
  return [...flow(columns, '  ', width), ...flow(words, '  ', width)].map((line) => colors.dim(line))
}
