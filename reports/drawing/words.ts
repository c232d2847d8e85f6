/** The words that reports share: what a verdict, a class of faults, a count and a duration are called. */
import type { FaultClass } from '../../faults/fault.js'
import type { MeasureReport, Report, ScenarioReport, SpendUnit } from '../../harness/contracts/report/report.js'
import type { Style } from './style.js'

/** What a caller may conclude from a fault of this class. */
export const classMeanings: Readonly<Record<FaultClass, string>> = {
  definite: 'not applied, and the same call will never succeed',
  transient: 'not applied; the same call may succeed later',
  indeterminate: 'it may have been applied; only an idempotent retry is safe',
  behavioural: 'the model misbehaves, the world is well',
  deceptive: 'it looks like success and is none',
  resource: 'what the process stands on failed it: disk, memory, clock, money',
}

/** The same in as few words as a line of a timeline has room for. */
export const classWords: Readonly<Record<FaultClass, string>> = {
  definite: 'not applied, for good',
  transient: 'not applied',
  indeterminate: 'may have been applied',
  behavioural: 'the model misbehaves',
  deceptive: 'looks like success',
  resource: 'the process was failed',
}

/** `1 trial`, `2 trials`. */
export function quantity(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A share with as many digits as it takes to tell it from a target: `0.989`. */
export function shareText(share: number, target: number): string {
  return share.toFixed(Math.max(3, Math.ceil(-Math.log10(1 - target)) + 1))
}

/** A share in per cent: `22 %`, `0.4 %`. */
export function percent(share: number | null): string {
  if (share === null) return 'unknown'
  const value = share * 100
  return `${value > 0 && value < 1 ? value.toPrecision(1) : Math.round(value)} %`
}

/** What was spent, with its unit: `0.0031 usd`, `1200 tokens`, `1 turn`. */
export function amount(value: number, unit: SpendUnit): string {
  const figure = Number(value.toPrecision(3))
  const singular = unit.replace(/s$/, '')
  return `${figure} ${unit === 'usd' ? 'usd' : figure === 1 ? singular : unit}`
}

/** Virtual milliseconds as seconds, to the millisecond: `10.500`. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

/** Wall time: `340 ms`, `12.3 s`, `4 min 5 s`. */
export function wallTime(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** A scenario's verdict in a few words, the invariants concerned by name. */
export function verdictWords(scenario: ScenarioReport): string {
  const { canary, verdict } = scenario
  if (canary !== null && isMissedCanary(scenario)) return `not caught: ${canary}`
  switch (verdict) {
    case 'passed':
      return canary === null ? 'passed' : `caught: ${canary}`
    case 'violated':
      return [...violatedWords(brokenInvariants(scenario)), ...unreliableWords(scenario)].join('; ') || 'violated'
    case 'broken':
      return 'broken: it fails without any fault'
    case 'misconfigured':
      return 'misconfigured'
    case 'inconclusive':
      return isNotShown(scenario) ? 'reliability not shown' : 'inconclusive'
    case 'pending':
      return 'pending the merge'
  }
}

function violatedWords(invariants: readonly string[]): string[] {
  return invariants.length > 0 ? [`violated: ${invariants.join(', ')}`] : []
}

/** What a gate says, in words. */
export const gateWords: Readonly<Record<MeasureReport['gate']['verdict'], string>> = {
  met: 'met',
  missed: 'missed',
  'not-shown': 'not shown',
  inconclusive: 'inconclusive',
  refused: 'refused',
  pending: 'pending the merge',
}

function unreliableWords({ measure }: ScenarioReport): string[] {
  return measure?.gate.verdict === 'missed' ? ['reliability missed'] : []
}

/** Whether nothing else is open. */
function isNotShown({ measure, searched }: ScenarioReport): boolean {
  return measure?.gate.verdict === 'not-shown' && searched?.verdict === 'passed'
}

/** A run's verdict in a few words: where nothing but canaries failed, by not being caught, no invariant was violated. */
export function runWords({ verdict, scenarios }: Pick<Report, 'verdict' | 'scenarios'>): string {
  const red = scenarios.filter((scenario) => scenario.verdict === 'violated')
  const isQuiet = red.length > 0 && red.every((scenario) => scenario.canary !== null && isMissedCanary(scenario))
  if (verdict !== 'violated' || !isQuiet) return verdict
  return red.length === 1 ? 'a canary was not caught' : `${red.length} canaries were not caught`
}

/** Whether a canary ran as it should, and what it waits for was not found. */
function isMissedCanary({ canary, verdict, violations }: ScenarioReport): boolean {
  const ran = verdict === 'violated' || verdict === 'inconclusive'
  return ran && !violations.some(({ invariant }) => invariant === canary)
}

function brokenInvariants({ violations, invariants }: ScenarioReport): string[] {
  const violated = violations.map(({ invariant }) => invariant)
  const rows = invariants.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name)
  return [...new Set(violated.length > 0 ? violated : rows)]
}

type AnyVerdict = ScenarioReport['verdict'] | Report['verdict']

export function verdictMark(verdict: AnyVerdict, { marks }: Style): string {
  switch (verdict) {
    case 'passed':
      return marks.good
    case 'violated':
    case 'broken':
    case 'misconfigured':
    case 'error':
      return marks.bad
    case 'inconclusive':
    case 'interrupted':
      return marks.unsure
    case 'pending':
      return marks.untested
  }
}

/** Colours text by how a verdict is to be taken. */
export function verdictPaint(verdict: AnyVerdict, { colors }: Style): (text: string) => string {
  switch (verdict) {
    case 'passed':
      return colors.green
    case 'violated':
    case 'broken':
    case 'misconfigured':
    case 'error':
      return colors.red
    case 'inconclusive':
    case 'interrupted':
      return colors.yellow
    case 'pending':
      return colors.dim
  }
}
