/**
 * A selftest for people at a terminal. It has every planted bug with what found it, the detection matrix, what correct
 * agents were accused of, and the sum in the last line.
 */
import type { AgentReport, BugReport, SelftestReport } from '../../harness/contracts/report/selftest-report.js'
import { matrix } from '../drawing/matrix.js'
import { type Style, type StyleOptions, styleOf } from '../drawing/style.js'
import { type Cell, type Column, type Paint, table } from '../drawing/table.js'
import { cleanAll, flow, hang, wrap } from '../drawing/text.js'
import { quantity, wallTime } from '../drawing/words.js'
import { failures } from '../reading/failures.js'
import { onlyEvidence, violationLines } from '../reading/findings.js'

/** How a selftest is shown. */
export interface SelftestOptions extends StyleOptions {
  /** Leaves out all but what went wrong, and the last lines. */
  readonly quiet?: boolean
}

/**
 * What a selftest found, for a terminal. No line is wider than `options.width` but the commands to paste, which are
 * never broken. Ends with a line break.
 */
export function selftest(report: SelftestReport, options: SelftestOptions): string {
  const style = styleOf(options)
  const shown = printable(report)
  const { bugs, agents } = shown
  const all = [...bugs.flatMap(({ twin }) => twin ?? []), ...agents]
  const sections = [
    ...(options.quiet
      ? []
      : [bugLines(bugs, style), matrix(bugs, style), agentTable(agents, style), notes(bugs, style)]),
    ...bugs.filter((bug) => bug.found === null).map((bug) => missedLines(bug, style)),
    ...all.flatMap((agent) => accusationLines(agent, style)),
    failures(shown.failures, style),
    lastLines(shown, style),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function printable(report: SelftestReport): SelftestReport {
  const brief = (agent: AgentReport) => ({ ...agent, alarms: agent.alarms.map(onlyEvidence) })
  const bugs = report.bugs.map((bug) => ({ ...bug, twin: bug.twin && brief(bug.twin) }))
  return cleanAll({ ...report, bugs, agents: report.agents.map(brief) })
}

/** What each bug does wrong, and the least that shows it. */
function bugLines(bugs: readonly BugReport[], { colors, marks, width }: Style): string[] {
  return bugs.flatMap((bug) => {
    if (bug.found === null) return []
    return [
      ...hang(`${marks.good} `, titleOf(bug), width),
      ...hang('  ', `${bug.invariant}: ${bug.found.plan}`, width).map((line) => colors.dim(line)),
    ]
  })
}

function titleOf({ name, mistake }: BugReport): string {
  return mistake === null ? name : `${name}: ${mistake}`
}

function missedLines(bug: BugReport, { colors, marks, width }: Style): string[] {
  return [
    ...hang(`${marks.bad} `, titleOf(bug), width).map((line) => colors.bold(colors.red(line))),
    ...wrap(`${bug.verdict.replace('-', ' ')}: ${bug.because} (${quantity(bug.trials, 'trial')})`, width - 2).map(
      (line) => `  ${line}`,
    ),
  ]
}

const columns: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'correct agent', align: 'left', shrinks: true },
  { title: 'verdict', align: 'left' },
  { title: 'trials', align: 'right' },
  { title: 'landed', align: 'right' },
]

function agentTable(agents: readonly AgentReport[], style: Style): string[] {
  if (agents.length === 0) return []
  const rows = agents.map((agent): Cell[] => {
    const [mark, paint] = markOf(agent.verdict, style)
    return [
      { text: mark, paint },
      { text: agent.name },
      { text: agent.verdict === 'quiet' ? 'no false alarm' : agent.verdict, paint },
      { text: String(agent.trials) },
      { text: String(agent.landed) },
    ]
  })
  return table(columns, rows, style)
}

/** A repaired agent that what had caught it never came to judge has proved little. */
function notes(bugs: readonly BugReport[], { colors, marks, width }: Style): string[] {
  const idle = bugs.filter(({ invariant, twin }) => twin?.verdict === 'quiet' && twin.untested.includes(invariant))
  if (idle.length === 0) return []
  const title = 'Repaired, and in so few trials not put to the test by what had caught it:'
  const names = idle.map(({ name }) => name).join(', ')
  return [...wrap(title, width), ...hang(`  ${marks.untested} `, names, width)].map((line) => colors.dim(line))
}

function accusationLines(agent: AgentReport, style: Style): string[][] {
  const name = agent.repaired ? `${agent.name}, repaired,` : agent.name
  const alarms = agent.alarms.map((alarm) => violationLines(`${name} raised ${alarm.invariant}`, alarm, style))
  if (agent.verdict === 'quiet' || agent.verdict === 'alarm') return alarms
  const because = hang(`${style.marks.unsure} `, `${name.replace(/,$/, '')}: ${agent.because}`, style.width)
  return [because.map((line) => style.colors.yellow(line)), ...alarms]
}

function lastLines(report: SelftestReport, style: Style): string[] {
  const { verdict, seed, failures, timing } = report
  const { colors, marks, width } = style
  const [mark, paint] = markOf(verdict, style)
  const parts = [
    `${mark} ${verdict}`,
    bugsText(report),
    ...agentsText(report),
    ...(failures.length > 0 ? [`${quantity(failures.length, 'file')} failed`] : []),
    `seed ${seed}`,
    wallTime(timing.wallMs),
  ]
  return flow(parts, marks.separator, width).map((line) => colors.bold(paint(line)))
}

function markOf(
  verdict: SelftestReport['verdict'] | AgentReport['verdict'],
  { colors, marks }: Style,
): readonly [string, Paint] {
  switch (verdict) {
    case 'passed':
    case 'quiet':
      return [marks.good, colors.green]
    case 'inconclusive':
    case 'interrupted':
      return [marks.unsure, colors.yellow]
    case 'failed':
    case 'alarm':
    case 'misconfigured':
    case 'error':
      return [marks.bad, colors.red]
  }
}

function bugsText({ totals }: SelftestReport): string {
  const { bugs, found, foundWithin500Trials, foundWithTwoFaults } = totals
  const all = `${found} of ${quantity(bugs, 'planted bug')} found`
  return found === 0
    ? all
    : `${all}, ${foundWithin500Trials} within 500 trials, ${foundWithTwoFaults} by at most 2 faults`
}

function agentsText({ totals: { agents, trials, alarms } }: SelftestReport): string[] {
  if (agents === 0) return []
  const raised = alarms === 0 ? 'no false alarm' : quantity(alarms, 'false alarm')
  return [`${raised} in ${quantity(trials, 'trial')} of ${quantity(agents, 'correct agent')}`]
}
