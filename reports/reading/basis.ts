/**
 * What a verdict rests on, in a few words for a whole run. A pass says nothing of what was not tried, and whoever reads it is
 * to see that without looking for it.
 */
import type { ScenarioReport } from '../../harness/contracts/report/report.js'
import { quantity } from '../drawing/words.js'
import { mapText } from './map.js'

/** Nothing where nothing was searched. A canary ends where it is caught, and rests on that. */
export function basisOf(scenarios: readonly ScenarioReport[]): string[] {
  const searched = scenarios.filter(({ canary, search }) => canary === null && search.planned > 0)
  if (searched.length === 0) return []
  return [
    strikesOf(searched),
    leftOut(searched),
    mapOf(searched),
    classesLeftOut(searched),
    rulesLeftOut(searched),
  ].filter((part) => part !== '')
}

type Scenarios = readonly ScenarioReport[]

function sum(scenarios: Scenarios, count: (search: ScenarioReport['search']) => number): number {
  return scenarios.reduce((total, { search }) => total + count(search), 0)
}

function strikesOf(scenarios: Scenarios): string {
  return `${quantity(
    sum(scenarios, (search) => search.landed),
    'trial',
  )} that a fault struck`
}

function leftOut(scenarios: Scenarios): string {
  const skipped = sum(scenarios, (search) => search.skipped)
  if (skipped === 0) return ''
  const most = Math.max(...scenarios.map(({ search }) => search.planned))
  return `${skipped} of ${sum(scenarios, (search) => search.planned)} plans left out (--trials-max ${most} runs them)`
}

/** A fault that was aimed at a site and never took hold there proves nothing; nor does one that nobody aimed. */
function mapOf(scenarios: Scenarios): string {
  const rows = scenarios.flatMap(({ coverage }) => coverage)
  return rows.every(({ state }) => state === 'struck') ? '' : mapText(rows)
}

function classesLeftOut(scenarios: Scenarios): string {
  const classes = [...new Set(scenarios.flatMap((scenario) => scenario.unfaced))]
  return classes.length === 0
    ? ''
    : `not faced: ${classes.map((name) => `${name} faults${where(scenarios, name)}`).join(', ')}`
}

/** Where only some leave them out. */
function where(scenarios: Scenarios, name: ScenarioReport['unfaced'][number]): string {
  const without = scenarios.filter((scenario) => scenario.unfaced.includes(name)).length
  return without === scenarios.length ? '' : ` (in ${without} of ${scenarios.length} scenarios)`
}

function rulesLeftOut(scenarios: Scenarios): string {
  const names = scenarios.flatMap(({ invariants }) => invariants.filter(({ verdict }) => verdict === 'not-tested'))
  return names.length === 0 ? '' : `${quantity(names.length, 'invariant')} not put to the test`
}
