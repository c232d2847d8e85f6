/**
 * A scenario as a list of checks that passed, failed or were skipped, as tools for tests know them. Apart because several
 * reports speak to such tools, and all must agree on what counts as a failure.
 */
import type { InvariantRow, MeasureReport, ScenarioReport } from '../../harness/contracts/report/report.js'
import { gateWords } from '../drawing/words.js'
import { baselineFacts } from './baseline.js'

/** `failed`: the agent is wrong. `errored`: it is not known. `skipped`: nothing called for it, or it waits for a merge. */
export type CheckOutcome = 'passed' | 'failed' | 'errored' | 'skipped'

export interface Check {
  readonly name: string
  readonly outcome: CheckOutcome
  /** In a sentence; empty where it passed. */
  readonly why: string
  /** What is known beside it, a line each. */
  readonly facts?: readonly string[]
}

/**
 * One for each invariant, one for the trial without faults and one for the reliability. A scenario that did not pass
 * has at least one that failed or errored, unless it is a part that waits for the merge. One that passed has none.
 */
export function checksOf(scenario: ScenarioReport): Check[] {
  const { canary, verdict, because, invariants, measure } = scenario
  const facts = baselineFacts(scenario)
  if (canary !== null) {
    return [{ name: `catches ${canary}`, outcome: outcomeOf(verdict), why: whyNot(scenario), facts }]
  }
  const works = verdict === 'broken' || verdict === 'misconfigured' ? outcomeOf(verdict) : 'passed'
  const checks = [
    { name: 'works without faults', outcome: works, why: works === 'passed' ? '' : because, facts },
    ...invariants.map((row) => invariantCheck(row, scenario)),
    ...(measure ? [reliabilityCheck(measure)] : []),
  ]
  const isReported = checks.some(({ outcome }) => outcome === 'failed' || outcome === 'errored')
  if (verdict === 'passed' || isReported) return checks
  return [...checks, { name: 'verdict', outcome: outcomeOf(verdict), why: because }]
}

function whyNot({ verdict, because }: ScenarioReport): string {
  return verdict === 'passed' ? '' : because
}

function outcomeOf(verdict: ScenarioReport['verdict']): CheckOutcome {
  switch (verdict) {
    case 'passed':
      return 'passed'
    case 'violated':
    case 'broken':
      return 'failed'
    case 'misconfigured':
    case 'inconclusive':
      return 'errored'
    // Of a shard: judged when the shards are merged.
    case 'pending':
      return 'skipped'
  }
}

/** A violation that did not repeat proves nothing, and makes the scenario inconclusive. */
function invariantCheck({ name, verdict, because = '' }: InvariantRow, scenario: ScenarioReport): Check {
  switch (verdict) {
    case 'held':
      return { name, outcome: 'passed', why: '' }
    case 'not-tested':
      return { name, outcome: 'skipped', why: because || 'nothing in these trials called for it' }
    case 'inconclusive':
      return { name, outcome: 'errored', why: because }
    case 'violated': {
      const found = scenario.violations.filter(({ invariant }) => invariant === name)
      const others = found.filter(({ known }) => !known)
      const why = found.map(({ story }) => story).join(' ')
      if (others.length === 0) return { name, outcome: 'skipped', why: `known: ${why}` }
      const isReal = others.some(({ status }) => status !== 'flaky')
      return { name, outcome: isReal ? 'failed' : 'errored', why: others.map(({ story }) => story).join(' ') }
    }
  }
}

function reliabilityCheck({ gate: { verdict, because } }: MeasureReport): Check {
  const name = 'reliability'
  const why = `${gateWords[verdict]}: ${because}`
  switch (verdict) {
    case 'met':
      return { name, outcome: 'passed', why: '' }
    case 'missed':
      return { name, outcome: 'failed', why }
    case 'not-shown':
    case 'inconclusive':
    case 'refused':
      return { name, outcome: 'errored', why }
    case 'pending':
      return { name, outcome: 'skipped', why: because }
  }
}
