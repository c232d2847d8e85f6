/** A sweep over fault rates, one line for each: how reliability falls, and what each step costs, trial by trial. */
import type { MeasureReport, SpendUnit, SweptRate } from '../../harness/contracts/report/report.js'
import type { Style } from '../drawing/style.js'
import { type Cell, type Column, table } from '../drawing/table.js'
import { amount, percent, shareText } from '../drawing/words.js'

interface Field extends Column {
  /** How wide the terminal must be for it to be shown. */
  readonly widthMin: number
  readonly cell: (swept: SweptRate) => Cell
}

/** None where there was no sweep. What there is no room for is left out, the least telling first. */
export function sweepTable({ sweep, reliability: { target }, curve }: MeasureReport, style: Style): string[] {
  if (sweep.length === 0) return []
  const fields = fieldsOf(target, curve.unit, style).filter(({ widthMin }) => widthMin <= style.width)
  const rows = sweep.map((swept) => fields.map(({ cell }) => cell(swept)))
  return table(fields, rows, style)
}

function fieldsOf(target: number, unit: SpendUnit, { colors }: Style): Field[] {
  const share = (value: number) => shareText(value, target)
  const field = (title: string, widthMin: number, cell: Field['cell'], align: Field['align'] = 'right'): Field => ({
    title,
    align,
    widthMin,
    cell,
  })
  const paint = ({ interval: { low, high } }: SweptRate, text: string): Cell => ({
    text,
    paint: high < target ? colors.red : low >= target ? colors.green : undefined,
  })
  return [
    field('rate', 0, ({ faultRate }) => ({ text: String(faultRate.nominal) })),
    field('landed', 46, ({ faultRate }) => ({ text: percent(faultRate.effective) })),
    field('reliability', 0, (swept) => paint(swept, share(swept.estimate))),
    field('95 %', 38, (swept) => paint(swept, `${share(swept.interval.low)} to ${share(swept.interval.high)}`)),
    field('lost', 58, ({ against }) => ({ text: against === null ? '' : String(against.lost) })),
    field('won', 58, ({ against }) => ({ text: against === null ? '' : String(against.gained) })),
    field(`${target} for`, 74, ({ curves }) => ({ text: cheapestIn(curves, unit) }), 'left'),
  ]
}

function cheapestIn(curves: SweptRate['curves'], unit: SpendUnit): string {
  const cheapest = curves.find((curve) => curve.unit === unit)?.cheapest.estimate ?? null
  return cheapest === null ? 'none' : amount(cheapest, unit)
}
