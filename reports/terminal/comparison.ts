/**
 * Two runs compared, for people: a line for each scenario, then what is new with its story. What is
 * fixed and what persists follow, with the commands that show it. Last comes what chance does not explain about
 * reliability and spend.
 */
import type {
  ComparedViolation,
  Comparison,
  Estimate,
  ReliabilityComparison,
  ScenarioComparison,
  SpendComparison,
} from '../../harness/contracts/report/comparison.js'
import { type Style, type StyleOptions, styleOf } from '../drawing/style.js'
import { type Cell, type Column, table } from '../drawing/table.js'
import { cleanAll, flow, hang, wrap } from '../drawing/text.js'
import { amount, quantity, shareText } from '../drawing/words.js'

/** How a comparison of two runs is shown. */
export interface ComparisonOptions extends StyleOptions {
  /** Leaves out all but what got worse, and the last line. */
  readonly quiet?: boolean
}

/**
 * Two runs side by side, for a terminal. No line is wider than `options.width` but the commands to paste, which are
 * never broken. Ends with a line break.
 */
export function comparison(compared: Comparison, options: ComparisonOptions): string {
  const style = styleOf(options)
  const shown = cleanAll(compared)
  const sections = options.quiet ? quietSections(shown, style) : allSections(shown, style)
  const blocks = [...sections, lastLine(shown, style)].filter((lines) => lines.length > 0)
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function allSections(compared: Comparison, style: Style): string[][] {
  const { scenarios } = compared
  return [
    scenarioTable(scenarios, style),
    ...violationBlocks(scenarios, 'new', style),
    ...violationBlocks(scenarios, 'persisting', style),
    ...violationBlocks(scenarios, 'fixed', style),
    ...scenarios.flatMap((scenario) => reliabilityBlock(scenario, style)),
    reasons(compared, style),
    notes(compared, style),
  ]
}

function quietSections(compared: Comparison, style: Style): string[][] {
  const worse = compared.scenarios.filter(({ regressions }) => regressions.length > 0)
  return [
    ...violationBlocks(worse, 'new', style),
    ...worse.flatMap((scenario) => (changeIn(scenario) === 'worse' ? reliabilityBlock(scenario, style) : [])),
    reasons(compared, style),
  ]
}

const columns: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'scenario', align: 'left', shrinks: true },
  { title: 'reliability', align: 'left' },
  { title: 'change', align: 'left' },
  { title: 'new', align: 'right' },
  { title: 'fixed', align: 'right' },
  { title: 'same', align: 'right' },
]

function scenarioTable(scenarios: readonly ScenarioComparison[], style: Style): string[] {
  if (scenarios.length === 0) return []
  const { colors, marks } = style
  const rows = scenarios.map((scenario): Cell[] => {
    const { violations, regressions, kind } = scenario
    const [mark, paint] =
      regressions.length > 0
        ? [marks.bad, colors.red]
        : kind === 'removed'
          ? [marks.untested, colors.dim]
          : [marks.good, colors.green]
    const change = changeIn(scenario)
    return [
      { text: mark, paint },
      { text: scenario.name },
      { text: sharesText(scenario.reliability, style) },
      { text: change, paint: change === 'worse' ? colors.red : change === 'better' ? colors.green : colors.dim },
      { text: String(violations.new.length), paint: violations.new.length > 0 ? colors.red : undefined },
      { text: String(violations.fixed.length), paint: violations.fixed.length > 0 ? colors.green : undefined },
      { text: String(violations.persisting.length) },
    ]
  })
  return table(columns, rows, style)
}

/** What became of the scenario, or of its reliability, in a word. */
function changeIn({ kind, reliability }: ScenarioComparison): string {
  if (kind !== 'both') return kind
  if (reliability === null || reliability.kind === 'not-compared') return ''
  return reliability.verdict === 'no-difference' ? 'same' : reliability.verdict
}

/** `0.983 → 0.912` */
function sharesText(reliability: ReliabilityComparison | null, { marks }: Style): string {
  if (reliability === null) return ''
  const { base, head, target } = reliability
  const text = (side: Estimate | null) => (side?.estimate == null ? marks.untested : shareText(side.estimate, target))
  return `${text(base)} ${marks.call} ${text(head)}`
}

type Fate = keyof ScenarioComparison['violations']

function violationBlocks(scenarios: readonly ScenarioComparison[], fate: Fate, style: Style): string[][] {
  return scenarios.flatMap(({ name, violations }) =>
    violations[fate].map((violation) => violationBlock(name, violation, fate, style)),
  )
}

function violationBlock(name: string, violation: ComparedViolation, fate: Fate, style: Style): string[] {
  const { colors, marks, width } = style
  const { invariant, status, story, plan, environment } = violation
  const flaky = status === 'flaky' ? ' (flaky)' : ''
  const [mark, paint] =
    fate === 'new'
      ? [marks.bad, (line: string) => colors.bold(colors.red(line))]
      : fate === 'fixed'
        ? [marks.good, colors.green]
        : [marks.unsure, colors.yellow]
  return [
    ...hang(`${mark} `, `${name}: ${invariant} ${fateWords[fate]}${flaky}`, width).map(paint),
    ...wrap(story, width - 2).map((line) => `  ${line}`.trimEnd()),
    ...hang('  faults  ', plan === '' ? 'none: it happens without any' : plan, width),
    // On a line of its own and never broken, so that it can be copied whole.
    colors.cyan(environment.command.replace(/\n/g, ' ')),
  ]
}

const fateWords: Readonly<Record<Fate, string>> = {
  new: 'is violated, and was not before',
  persisting: 'is violated, as it was before',
  fixed: 'is not violated any more',
}

/** Nothing where the table has shown it all: the same shares, for the same spend. */
function reliabilityBlock(scenario: ScenarioComparison, style: Style): string[][] {
  const { name, reliability, kind } = scenario
  const spend = scenario.spend.filter(hasChanged)
  if (reliability === null || kind !== 'both' || (isAsBefore(reliability) && spend.length === 0)) return []
  const { colors, marks, width } = style
  const change = changeIn(scenario)
  const [mark, paint] =
    change === 'worse'
      ? [marks.bad, colors.red]
      : change === 'better'
        ? [marks.good, colors.green]
        : [marks.untested, (line: string) => line]
  return [
    [
      ...hang(`${mark} `, `${name}: reliability ${whatChanged(reliability)}`, width).map(paint),
      ...labelLines('before', [estimateText(reliability.base, reliability.target)], style),
      ...labelLines('now', [estimateText(reliability.head, reliability.target)], style),
      ...labelLines(reliability.kind === 'paired' ? 'pairs' : 'test', testText(reliability), style),
      ...labelLines(
        'spend',
        spend.flatMap((each) => spendText(each, style)),
        style,
      ),
    ],
  ]
}

function isAsBefore(reliability: ReliabilityComparison): boolean {
  const { kind, base, head } = reliability
  return kind !== 'not-compared' && reliability.verdict === 'no-difference' && base?.estimate === head?.estimate
}

function hasChanged({ median, paired }: SpendComparison): boolean {
  return median.base !== median.head || (paired !== null && (paired.low !== 0 || paired.high !== 0))
}

function whatChanged(reliability: ReliabilityComparison): string {
  if (reliability.kind === 'not-compared') return `was not compared: ${reliability.because}`
  switch (reliability.verdict) {
    case 'worse':
      return 'is worse'
    case 'better':
      return 'is better'
    case 'no-difference':
      return 'differs by no more than chance explains'
  }
}

function estimateText(side: Estimate | null, target: number): string {
  if (side === null || side.estimate === null) return 'not measured'
  const { trials, successes, estimate, interval } = side
  const share = (value: number) => shareText(value, target)
  const known = `95 %: ${share(interval.low)} to ${share(interval.high)}`
  return `${share(estimate)} (${known}), ${successes} of ${quantity(trials, 'trial')}`
}

function testText(reliability: ReliabilityComparison): string[] {
  if (reliability.kind === 'not-compared') return []
  const { pValue, level, target } = reliability
  const significance = `p = ${figure(pValue)}, level ${figure(level)}`
  if (reliability.kind === 'paired') {
    const { pairs, onlyBase, onlyHead } = reliability
    return [
      `${quantity(pairs, 'trial')} with the same seeds`,
      `${onlyBase} succeeded only before, ${onlyHead} only now`,
      significance,
    ]
  }
  const { difference, interval } = reliability
  const sign = (value: number) => `${value < 0 ? '-' : '+'}${shareText(Math.abs(value), target)}`
  return [
    reliability.kind === 'sequential' ? 'a sequential gate ended the sample' : 'no seeds in common',
    `${sign(difference)} (95 %: ${sign(interval.low)} to ${sign(interval.high)})`,
    significance,
  ]
}

function spendText({ unit, median, paired }: SpendComparison, { marks }: Style): string[] {
  const name = unit === 'modelCalls' ? 'model calls' : unit
  const value = (spent: number) => (unit === 'modelCalls' ? String(spent) : (amount(spent, unit).split(' ')[0] ?? ''))
  const sign = (spent: number) => `${spent < 0 ? '-' : '+'}${figure(Math.abs(spent))}`
  const inPairs =
    paired === null ? '' : `, on average ${sign(paired.mean)} (95 %: ${sign(paired.low)} to ${sign(paired.high)})`
  return [`median ${name} ${value(median.base)} ${marks.call} ${value(median.head)}${inPairs}`]
}

/** To three digits, without an exponent where that can be read: `0.0021`, `1.2e-9`. */
function figure(value: number): string {
  return String(Number(value.toPrecision(value < 0.1 ? 2 : 3)))
}

function labelLines(label: string, parts: readonly string[], { width, marks, colors }: Style): string[] {
  const indent = 10
  return flow(parts, marks.separator, width - indent).map((line, index) => {
    const head = `  ${(index === 0 ? label : '').padEnd(indent - 2)}`
    return colors.dim(head) + line
  })
}

/** Why it got worse, beside what is reported as a violation or as a difference; and what could not be compared. */
function reasons({ verdict, because, scenarios }: Comparison, { marks, width, colors }: Style): string[] {
  const unreported = scenarios.flatMap(({ name, regressions }) =>
    regressions
      .filter(({ kind }) => kind === 'broken' || kind === 'canary-missed')
      .map(({ because }) => `${name}: ${because}`),
  )
  const missing = verdict === 'incomplete' ? because : []
  return [
    ...unreported.flatMap((each) => hang(`${marks.bad} `, each, width)).map(colors.red),
    ...missing.flatMap((each) => hang(`${marks.unsure} `, each, width)).map(colors.yellow),
  ]
}

function notes({ notes, scenarios }: Comparison, { marks, width, colors }: Style): string[] {
  const all = [...notes, ...scenarios.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`))]
  if (all.length === 0) return []
  return [colors.bold('Notes'), ...all.flatMap((note) => hang(`  ${marks.untested} `, note, width))]
}

function lastLine({ verdict, scenarios, base, head }: Comparison, style: Style): string[] {
  const { marks, colors } = style
  const count = (fate: Fate) => scenarios.reduce((sum, { violations }) => sum + violations[fate].length, 0)
  const countOf = (change: string) => scenarios.filter((scenario) => changeIn(scenario) === change).length
  const optional = (change: string) => (countOf(change) > 0 ? [`${countOf(change)} ${change}`] : [])
  const parts = [
    `${verdict === 'no-regression' ? marks.good : verdict === 'incomplete' ? marks.unsure : marks.bad} ${verdictWords[verdict]}`,
    quantity(scenarios.length, 'scenario'),
    ...optional('added'),
    ...optional('removed'),
    `violations: ${count('new')} new, ${count('fixed')} fixed, ${count('persisting')} persisting`,
    `reliability: ${countOf('worse')} worse, ${countOf('better')} better`,
    `${base.environment.file} ${marks.call} ${head.environment.file}`,
  ]
  const paint = verdict === 'no-regression' ? colors.green : verdict === 'incomplete' ? colors.yellow : colors.red
  return flow(parts, marks.separator, style.width).map((line) => colors.bold(paint(line)))
}

const verdictWords: Readonly<Record<Comparison['verdict'], string>> = {
  regression: 'regression',
  'no-regression': 'no regression',
  incomplete: 'incomplete',
}
