/**
 * What was measured of a scenario: its reliability with what is known of it, the gate's verdict, what the trials came to,
 * and the curve of reliability against budget. One compact block for each scenario that was measured.
 */
import type { MeasureReport, OutcomeCounts, ScenarioReport } from '../harness/report.js'
import { curveLines } from './curve.js'
import type { Style } from './style.js'
import { type Cell, type Column, table } from './table.js'
import { flow, hang } from './text.js'
import { amount, counted, percent, shareText } from './words.js'

/** Expects values that are cleaned. With `quiet`, gates that passed are left out. */
export function measures(scenarios: readonly ScenarioReport[], style: Style, quiet: boolean): string[][] {
  return scenarios.flatMap((scenario) =>
    scenario.measure === null || (quiet && scenario.measure.gate.verdict === 'passed')
      ? []
      : [block(scenario, scenario.measure, style)],
  )
}

function block({ name, because }: ScenarioReport, measure: MeasureReport, style: Style): string[] {
  const { mark, paint } = lookOf(measure, style)
  const title = hang(`${mark} `, `${name}: ${verdictLine(measure)}`, style.width).map(paint)
  // Where the scenario's own verdict rests on it, it has been told.
  const why = measure.gate.verdict === 'passed' || because.includes(measure.gate.because) ? [] : [measure.gate.because]
  const reason = why.flatMap((text) => hang('  ', text, style.width))
  if (measure.trials === 0) return [...title, ...reason]
  const narrower = { ...style, width: style.width - 2 }
  const curve = curveLines(measure.curve, narrower).map((line) => `  ${line}`)
  const heading = hang('  ', `reliability against ${measure.curve.unit} spent`, style.width)
  return [
    ...title,
    ...reason,
    ...outcomeTable(measure, narrower).map((line) => `  ${line}`),
    ...figures(measure).flatMap(([label, parts]) => figureLines(label, parts, style)),
    ...(curve.length > 0 ? [...heading.map(style.colors.dim), ...curve] : []),
  ]
}

function lookOf({ gate }: MeasureReport, { marks, colors }: Style) {
  switch (gate.verdict) {
    case 'passed':
      return { mark: marks.good, paint: colors.green }
    case 'failed':
      return { mark: marks.bad, paint: colors.red }
    case 'inconclusive':
    case 'refused':
      return { mark: marks.unsure, paint: colors.yellow }
  }
}

function verdictLine({ reliability, gate, trials }: MeasureReport): string {
  const { target, estimate, interval, faultRate, confidence } = reliability
  const asked = `at fault rate ${faultRate.nominal}, at least ${target}: ${gate.verdict}`
  if (estimate === null) return `reliability unknown ${asked}, ${counted(trials, 'trial')}`
  const share = (value: number) => shareText(value, target)
  const known = `${percent(confidence)}: ${share(interval.low)} to ${share(interval.high)}`
  return `reliability ${share(estimate)} (${known}) ${asked}, ${counted(trials, 'trial')}`
}

/** What an outcome is called; in the order in which they are shown. */
export const outcomeWords: Readonly<Record<keyof OutcomeCounts, string>> = {
  success: 'success within the spend',
  overBudget: 'success over budget',
  degraded: 'degraded',
  honestFailure: 'honest failure',
  unacknowledgedSuccess: 'unacknowledged success',
  inventedSuccess: 'invented success',
  noAnswer: 'no answer',
  goalUnknown: 'goal unknown',
}

const columns: readonly Column[] = [
  { title: 'outcome', align: 'left', shrinks: true },
  { title: 'trials', align: 'right' },
  { title: 'share', align: 'right' },
]

/** Outcomes that never came about would only make it long. */
function outcomeTable({ outcomes, trials, reliability }: MeasureReport, style: Style): string[] {
  const names = Object.keys(outcomeWords) as (keyof OutcomeCounts)[]
  const rows = names
    .filter((name) => name === 'success' || outcomes[name] > 0)
    .map((name): Cell[] => {
      const paint = name === 'inventedSuccess' ? style.colors.red : undefined
      const share = shareText(outcomes[name] / trials, reliability.target)
      return [
        { text: outcomeWords[name], paint },
        { text: String(outcomes[name]), paint },
        { text: share, paint },
      ]
    })
  return table(columns, rows, style)
}

type Figure = readonly [label: string, parts: readonly string[]]

/** What else is known of the sample, in words. */
export function figures(measure: MeasureReport): Figure[] {
  const { errorBudget, reliability, costPerSuccess, spend, passHat, curve } = measure
  const { interval, consumed } = errorBudget
  const { effective, faultless } = reliability.faultRate
  const { median, p95 } = spend[curve.unit]
  const inARow = passHat.findLast(({ chance }) => chance !== null)
  return [
    ['error budget', [`${percent(consumed)} consumed (95 %: ${percent(interval.low)} to ${percent(interval.high)})`]],
    ['faults', [`at ${percent(effective)} of the crossings`, `${percent(faultless)} of the trials met none`]],
    [
      'spend',
      [
        ...(median === null || p95 === null
          ? []
          : [`median ${amount(median, curve.unit)}`, `95 % took at most ${amount(p95, curve.unit)}`]),
        ...(costPerSuccess.value === null ? [] : [`${amount(costPerSuccess.value, costPerSuccess.unit)} per success`]),
      ],
    ],
    [
      'in a row',
      inARow?.chance == null
        ? []
        : [
            `${counted(inARow.k, 'trial')} all succeed: ${shareText(inARow.chance, reliability.target)} (pass^${inARow.k})`,
          ],
    ],
  ]
}

const labelWidth = 14

function figureLines(label: string, parts: readonly string[], { width, marks, colors }: Style): string[] {
  if (parts.length === 0) return []
  const indent = 2 + labelWidth
  return flow(parts, marks.separator, width - indent).map((line, index) => {
    const head = `  ${(index === 0 ? label : '').padEnd(labelWidth)}`
    return colors.dim(head) + line
  })
}
