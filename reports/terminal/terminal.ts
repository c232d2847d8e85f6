/**
 * The report for people at a terminal. It has what was run in a table, and every violation as a story with the command
 * that shows it again. The sum is at its end. Its parts stand in files of their own; this one puts them in order.
 */
import type { Report, ScenarioReport } from '../../harness/contracts/report/report.js'
import { trialsOf } from '../../harness/contracts/report/trials.js'
import { type Style, type StyleOptions, styleOf } from '../drawing/style.js'
import { type Cell, type Column, table } from '../drawing/table.js'
import { cleanAll, flow, hang, wrap } from '../drawing/text.js'
import { quantity, runWords, verdictMark, verdictPaint, verdictWords, wallTime } from '../drawing/words.js'
import { basisOf } from '../reading/basis.js'
import { failures } from '../reading/failures.js'
import { findings, onlyEvidence } from '../reading/findings.js'
import { coverage } from './coverage.js'
import { measures } from './measure.js'
import { searchTable } from './search.js'

/** How a report is shown. */
export interface TerminalOptions extends StyleOptions {
  /** Adds the table of every fault at every site; it is long. */
  readonly coverage?: boolean
  /** Leaves out all but what did not pass, and the last line. */
  readonly quiet?: boolean
  /** Tells of each violation all that happened in its trial, and adds the table of `coverage`. */
  readonly verbose?: boolean
}

/**
 * A report, for a terminal. No line is wider than `options.width` but the commands to paste, which are never broken.
 * Ends with a line break.
 */
export function terminal(report: Report, options: TerminalOptions): string {
  const { quiet = false, verbose = false, coverage = verbose } = options
  const style = styleOf(options)
  const shown = printable(report, verbose)
  const sections = quiet ? quietSections(shown, style) : allSections(shown, style, { verbose, coverage })
  const blocks = [...sections, lastLines(shown, style, quiet)].filter((lines) => lines.length > 0)
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** Names, stories and messages come from scenarios and agents. Of the events, `whole` or not, only what is shown is kept. */
function printable(report: Report, whole: boolean): Report {
  const scenarios = report.scenarios.map(({ baselineEvents: _, ...scenario }) => ({
    ...scenario,
    violations: whole ? scenario.violations : scenario.violations.map(onlyEvidence),
  }))
  return cleanAll({ ...report, scenarios })
}

type Extent = Required<Pick<TerminalOptions, 'verbose' | 'coverage'>>

function allSections(report: Report, style: Style, { verbose, coverage: withCoverage }: Extent): string[][] {
  return [
    scenarioTable(report.scenarios, style),
    ...findings(report.scenarios, style, verbose),
    ...measures(report.scenarios, style, verbose ? 'verbose' : 'brief'),
    untestedLines(report.scenarios, style),
    notes(report.scenarios, style),
    ...(verbose ? [searchTable(report.scenarios, style)] : []),
    ...(withCoverage ? coverage(report.scenarios, style) : []),
    failures(report.failures, style),
    basisLines(report, style),
  ]
}

function quietSections(report: Report, style: Style): string[][] {
  const wrong = report.scenarios.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'pending')
  return [
    ...findings(wrong, style),
    ...measures(report.scenarios, style, 'quiet'),
    failures(report.failures, style),
    basisLines(report, style),
  ]
}

function basisLines({ scenarios }: Report, style: Style): string[] {
  const parts = basisOf(scenarios)
  if (parts.length === 0) return []
  return hang('rests on ', parts.join('; '), style.width).map((line) => style.colors.dim(line))
}

const columns: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'scenario', align: 'left', shrinks: true },
  { title: 'verdict', align: 'left', shrinks: true },
  { title: 'trials', align: 'right' },
  { title: 'violations', align: 'right' },
]

function scenarioTable(scenarios: readonly ScenarioReport[], style: Style): string[] {
  if (scenarios.length === 0) return []
  const rows = scenarios.map((scenario): Cell[] => {
    const paint = verdictPaint(scenario.verdict, style)
    return [
      { text: verdictMark(scenario.verdict, style), paint },
      { text: scenario.name },
      { text: verdictWords(scenario), paint },
      { text: String(trialsOf(scenario)) },
      { text: String(scenario.violations.length) },
    ]
  })
  return table(columns, rows, style)
}

function untestedLines(scenarios: readonly ScenarioReport[], style: Style): string[] {
  const lines = scenarios.flatMap((scenario) => {
    const rows = scenario.invariants.filter(({ verdict }) => verdict === 'not-tested')
    // What one shard did not put to the test another may have; a canary ends where it was caught.
    if (rows.length === 0 || scenario.part || scenario.canary) return []
    return hang(
      `  ${style.marks.untested} `,
      `${scenario.name}: ${rows.map(({ name }) => name).join(', ')}`,
      style.width,
    )
  })
  return quietly('Not tested, since nothing in these runs called for it:', lines, style)
}

function notes(scenarios: readonly ScenarioReport[], style: Style): string[] {
  const lines = scenarios.flatMap(({ name, notes }) =>
    notes.flatMap((note) => hang(`  ${style.marks.untested} `, `${name}: ${note}`, style.width)),
  )
  return lines.length === 0 ? [] : [style.colors.bold('Notes'), ...lines]
}

function quietly(title: string, lines: readonly string[], style: Style): string[] {
  if (lines.length === 0) return []
  return [...wrap(title, style.width), ...lines].map((line) => style.colors.dim(line))
}

/** Dimly by which version too: who reads of a run elsewhere asks for that, and who runs many does not. */
function lastLines(report: Report, style: Style, quiet: boolean): string[] {
  const { verdict, shard, totals, failures, seed, timing, environment } = report
  const parts = [
    `${verdictMark(verdict, style)} ${runWords(report)}`,
    // What a shard's scenarios come to shows at the merge.
    ...(shard
      ? [`shard ${shard.index} of ${shard.count}`, quantity(totals.scenarios, 'scenario')]
      : [`${totals.passed} of ${quantity(totals.scenarios, 'scenario')} passed`]),
    ...(failures.length > 0 ? [`${quantity(failures.length, 'file')} failed`] : []),
    quantity(totals.trials, 'trial'),
    quantity(totals.violations, 'violation'),
    `seed ${seed}`,
    wallTime(timing.wallMs),
  ]
  const { bold, dim } = style.colors
  const paint = verdictPaint(verdict, style)
  const by = `agent-chaos ${environment.version}`
  return flow([...parts, ...(quiet ? [] : [by])], style.marks.separator, style.width).map((line) => {
    if (!line.endsWith(by)) return bold(paint(line))
    const said = line.slice(0, -by.length)
    return (said === '' ? '' : bold(paint(said))) + dim(by)
  })
}
