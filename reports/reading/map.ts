/** What the map of a search says in words: how far it got, what it left out and at what cost, and whether there was still news. */
import type { CoverageRow, ScenarioReport } from '../../harness/contracts/report/report.js'
import { quantity, wallTime } from '../drawing/words.js'

const states: readonly (readonly [CoverageRow['state'], string])[] = [
  ['masked', 'masked'],
  ['reached', 'reached'],
  ['never-reached', 'never reached'],
  ['not-tried', 'not tried'],
]

/** `3 of 5 cells of the map struck (1 never reached, 1 not tried)`; nothing where there is no map. */
export function mapText(rows: readonly CoverageRow[]): string {
  if (rows.length === 0) return ''
  const count = (state: CoverageRow['state']) => rows.filter((row) => row.state === state).length
  const others = states.flatMap(([state, words]) => (count(state) > 0 ? [`${count(state)} ${words}`] : []))
  const rest = others.length === 0 ? '' : ` (${others.join(', ')})`
  return `${count('struck')} of ${quantity(rows.length, 'cell')} of the map struck${rest}`
}

/** `tool/slow`, or `process/crash (before)`. */
export function cellName({ fault, phase }: Pick<CoverageRow, 'fault' | 'phase'>): string {
  return phase === undefined ? fault : `${fault} (${phase})`
}

/** A line for each thing that the search left out: what would try it, and what that would take. */
export function leftOutLines({ leftOut = [], timing: { trialMs } }: ScenarioReport): string[] {
  return leftOut.map(({ kind, what, plans, option }) => {
    if (kind === 'site') return `${what}, which no trial came to: ${option}`
    if (kind === 'same') return `${what}: ${quantity(plans, 'plan')} that would come to the same`
    const name = kind === 'class' ? `${what} faults` : what
    if (plans === 0) return `${name}: ${option}`
    const figure = `${kind === 'pairs' ? 'at least ' : ''}${quantity(plans, 'plan')}`
    return `${name}: ${option} (${figure}${trialMs === undefined ? '' : `, about ${wallTime(plans * trialMs)}`})`
  })
}

/** `new behaviour in each hundred trials: 31, 4, 0`; nothing where nothing was run. */
export function newBehaviourText({ newBehaviour = [] }: ScenarioReport['search']): string {
  return newBehaviour.length === 0 ? '' : `new behaviour in each hundred trials: ${newBehaviour.join(', ')}`
}
