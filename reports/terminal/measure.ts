/**
 * What was measured of a scenario. That is its reliability with what is known of it, the gate's verdict, what the
 * trials came to, and the curve of reliability against budget. One compact block for each scenario that was measured.
 */
import type { MeasureReport, OutcomeCounts, ScenarioReport } from '../../harness/contracts/report/report.js'
import { curveLines } from '../drawing/curve.js'
import type { Style } from '../drawing/style.js'
import { type Cell, type Column, table } from '../drawing/table.js'
import { flow, hang } from '../drawing/text.js'
import { gateWords, percent, quantity, shareText } from '../drawing/words.js'
import { type Figure, figures } from '../reading/figures.js'
import { sweepTable } from './sweep.js'

/** How much is said: `quiet` leaves out gates that are met or are yet to be judged, `brief` their figures. */
type Detail = 'quiet' | 'brief' | 'verbose'

/** Expects values that are cleaned. */
export function measures(scenarios: readonly ScenarioReport[], style: Style, detail: Detail): string[][] {
  const measured = scenarios.flatMap((scenario) => (scenario.measure ? [{ scenario, measure: scenario.measure }] : []))
  const blocks = (some: typeof measured) => some.map(({ scenario, measure }) => block(scenario, measure, style))
  if (detail === 'verbose') return blocks(measured)
  if (detail === 'quiet') return blocks(measured.filter(({ measure }) => !isInOrder(measure)))
  // A sweep was asked for to be looked at.
  const isShort = ({ measure }: (typeof measured)[number]) => isInOrder(measure) && measure.sweep.length === 0
  const lines = measured.filter(isShort).flatMap(({ scenario, measure }) => titleLines(scenario, measure, style))
  return [lines, ...blocks(measured.filter((each) => !isShort(each)))]
}

function isInOrder({ gate }: MeasureReport): boolean {
  return gate.verdict === 'met' || gate.verdict === 'pending'
}

function titleLines({ name }: ScenarioReport, measure: MeasureReport, style: Style): string[] {
  const { mark, paint } = lookOf(measure, style)
  return hang(`${mark} `, `${name}: ${verdictLine(measure)}`, style.width).map(paint)
}

function block(scenario: ScenarioReport, measure: MeasureReport, style: Style): string[] {
  const { because } = scenario
  // Where the scenario's own verdict rests on it, it has been shown.
  const why = measure.gate.verdict === 'met' || because.includes(measure.gate.because) ? [] : [measure.gate.because]
  const reason = why.flatMap((text) => hang('  ', text, style.width))
  return [
    ...titleLines(scenario, measure, style),
    ...reason,
    ...(measure.trials === 0 ? [] : figureRows(measure, style)),
    ...sweepLines(measure, style),
  ]
}

/** What is known of the sample. */
function figureRows(measure: MeasureReport, style: Style): string[] {
  const narrower = { ...style, width: style.width - 2 }
  const curve = curveLines(measure.curve, narrower).map((line) => `  ${line}`)
  const heading = hang('  ', `reliability against ${measure.curve.unit} spent`, style.width)
  return [
    ...outcomeTable(measure, narrower).map((line) => `  ${line}`),
    ...figures(measure).flatMap((figure) => figureLines(figure, style)),
    ...(curve.length > 0 ? [...heading.map(style.colors.dim), ...curve] : []),
  ]
}

function sweepLines(measure: MeasureReport, style: Style): string[] {
  const lines = sweepTable(measure, { ...style, width: style.width - 2 }).map((line) => `  ${line}`)
  const heading = hang('  ', 'reliability at other fault rates; trials lost and won since the rate before', style.width)
  return lines.length > 0 ? [...heading.map(style.colors.dim), ...lines] : []
}

function lookOf({ gate }: MeasureReport, { marks, colors }: Style) {
  switch (gate.verdict) {
    case 'met':
      return { mark: marks.good, paint: colors.green }
    case 'missed':
      return { mark: marks.bad, paint: colors.red }
    case 'not-shown':
    case 'inconclusive':
    case 'refused':
      return { mark: marks.unsure, paint: colors.yellow }
    case 'pending':
      return { mark: marks.untested, paint: colors.dim }
  }
}

function verdictLine(measure: MeasureReport): string {
  const { reliability, gate, trials, profile } = measure
  const { target, estimate, faultRate, confidence } = reliability
  const profileText = `${profile.name === null ? '' : `under ${profile.name} `}at fault rate ${faultRate.nominal}`
  const asked = `${profileText}, at least ${target}: ${gateWords[gate.verdict]}`
  if (estimate === null) return `reliability unknown ${asked}, ${quantity(trials, 'trial')}`
  const { low, high } = reliability.interval
  const share = (value: number) => shareText(value, target)
  return `reliability ${share(estimate)} (${percent(confidence)}: ${share(low)} to ${share(high)}) ${asked}, ${quantity(trials, 'trial')}`
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
  cutShort: 'cut short',
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

const labelWidth = 14

function figureLines([label, parts]: Figure, { width, marks, colors }: Style): string[] {
  if (parts.length === 0) return []
  const indent = 2 + labelWidth
  return flow(parts, marks.separator, width - indent).map((line, index) => {
    const head = `  ${(index === 0 ? label : '').padEnd(labelWidth)}`
    return colors.dim(head) + line
  })
}
