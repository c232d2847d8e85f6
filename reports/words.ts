/** The words that reports share: what a verdict, a class of faults, a count and a duration are called. */
import type { FaultClass } from '../faults/fault.js'
import type { Report, ScenarioReport } from '../harness/report.js'
import type { Style } from './style.js'

/** What a caller may conclude from a fault of this class. */
export const classMeanings: Readonly<Record<FaultClass, string>> = {
  definite: 'not applied, and the same call will never succeed',
  transient: 'not applied; the same call may succeed later',
  indeterminate: 'it may have been applied; only an idempotent retry is safe',
  behavioural: 'the model misbehaves, the world is well',
  deceptive: 'it looks like success and is none',
  resource: 'disk, context or money has run out',
}

/** The same in as few words as a line of a timeline has room for. */
export const classWords: Readonly<Record<FaultClass, string>> = {
  definite: 'not applied, for good',
  transient: 'not applied',
  indeterminate: 'may have been applied',
  behavioural: 'the model misbehaves',
  deceptive: 'looks like success',
  resource: 'something ran out',
}

/** `1 trial`, `2 trials`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
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
  if (canary !== null && missedCanary(scenario)) return `not caught: ${canary}`
  switch (verdict) {
    case 'passed':
      return canary === null ? 'passed' : `caught: ${canary}`
    case 'violated':
      return `violated: ${brokenInvariants(scenario).join(', ')}`
    case 'broken':
      return 'broken: it fails without any fault'
    case 'misconfigured':
      return 'misconfigured'
    case 'inconclusive':
      return 'inconclusive'
  }
}

/** Whether a canary ran as it should, and what it waits for was not found. */
function missedCanary({ canary, verdict, violations }: ScenarioReport): boolean {
  const ran = verdict === 'violated' || verdict === 'inconclusive'
  return ran && !violations.some(({ invariant }) => invariant === canary)
}

function brokenInvariants({ violations, invariants }: ScenarioReport): string[] {
  const told = violations.map(({ invariant }) => invariant)
  const rows = invariants.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name)
  return [...new Set(told.length > 0 ? told : rows)]
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
  }
}
