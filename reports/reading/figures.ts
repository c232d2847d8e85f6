/** The figures of a measured scenario, each with a word for what it is: gate, error budget, faults, spend, repeats. */
import type { MeasureReport } from '../../harness/contracts/report/report.js'
import { amount, percent, shareText } from '../drawing/words.js'

export type Figure = readonly [label: string, parts: readonly string[]]

export function figures(measure: MeasureReport): Figure[] {
  return [
    ['gate', gate(measure)],
    ['error budget', budget(measure)],
    ['faults', faults(measure)],
    ['spend', spend(measure)],
    ['in a row', repeats(measure)],
  ]
}

/** Each of its answers with the chance that it is wrong. Where nothing is shown nothing is claimed but of the aim. */
function gate({ gate: { kind, alpha, beta }, reliability: { target, aim } }: MeasureReport): string[] {
  const risk = (share: number) => `in at most ${figure(share * 100)} % of runs`
  const answers =
    alpha === beta
      ? [`${kind}: ${target} is met wrongly, or missed wrongly, ${risk(alpha)} each`]
      : [`${kind}: ${target} is met wrongly ${risk(beta)}`, `missed wrongly ${risk(alpha)}`]
  const good = Number(shareText(aim, aim))
  return [
    ...answers,
    kind === 'fixed' ? `${good} is not shown ${risk(beta)}` : `${good} is ruled out wrongly ${risk(beta)}`,
  ]
}

/** Nothing is clamped: an overspent budget has less than nothing left. */
function budget({ errorBudget }: MeasureReport): string[] {
  const { consumed, interval, left, leftInterval, burnRate, burnRateMax, alertsOutOfReach } = errorBudget
  const between = ({ low, high }: { readonly low: number; readonly high: number }) =>
    `${percent(low)} to ${percent(high)}`
  const silent = alertsOutOfReach.join(' or ')
  return [
    `${percent(consumed)} consumed (95 %: ${between(interval)})`,
    `${percent(left)} left (${between(leftInterval)})`,
    ...(burnRate === null ? [] : [`burn rate ${figure(burnRate)} of at most ${figure(burnRateMax)}`]),
    ...(silent === '' ? [] : [`an alert at ${silent} can never fire`]),
  ]
}

function faults({ reliability }: MeasureReport): string[] {
  const { nominal, effective, faultless } = reliability.faultRate
  return [
    `at ${percent(effective)} of the crossings (nominal ${percent(nominal)})`,
    `${percent(faultless)} of the trials met none`,
  ]
}

function spend({ spend: summary, curve, costPerSuccess, reliability }: MeasureReport): string[] {
  const { median, p95 } = summary[curve.unit]
  const { value, unit, interval } = costPerSuccess
  const { estimate } = curve.cheapest
  const range = interval && ` (95 %: ${bound(interval.low)} to ${bound(interval.high)})`
  return [
    ...(median === null || p95 === null
      ? []
      : [`median ${amount(median, curve.unit)}`, `95 % took at most ${amount(p95, curve.unit)}`]),
    ...(value === null ? [] : [`${amount(value, unit)} per success${range ?? ''}`]),
    ...(estimate === null ? [] : [`${reliability.target} of them succeed for ${amount(estimate, curve.unit)}`]),
  ]
}

function repeats({ passHat, passAt, reliability }: MeasureReport): string[] {
  const all = passHat.findLast(({ chance }) => chance !== null)
  const one = passAt.find(({ k }) => k === all?.k)
  if (all?.chance == null || one?.chance == null || all.k === 1) return []
  const share = (chance: number) => shareText(chance, reliability.target)
  return [
    `${all.k} trials all succeed: ${share(all.chance)} (pass^${all.k})`,
    `one of ${all.k} does: ${share(one.chance)} (pass@${all.k})`,
  ]
}

function bound(value: number | null): string {
  return value === null ? 'no end' : String(figure(value))
}

function figure(value: number): number {
  return Number(value.toPrecision(3))
}
