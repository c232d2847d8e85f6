/**
 * What a search did not try, and what would try it: classes that the scenario does not face, what was not asked for, pairs, and
 * sites that were there and that nobody came to. It is counted in plans; what a plan takes is measured elsewhere.
 */
import type { FaultClass, FaultDescription } from '../../faults/fault.js'
import type { Site } from '../../faults/site.js'
import type { LeftOut, ScenarioReport } from '../contracts/report/report.js'
import type { SearchDepth } from '../contracts/search-depth.js'
import { siteName } from '../contracts/trace.js'
import type { Ground } from './ground.js'
import { fitting } from './singles.js'

export interface Tried {
  readonly ground: Ground
  readonly unfaced: readonly FaultClass[]
  /** Plans that are made, and were not asked for. */
  readonly unwanted: number
  readonly depth: SearchDepth
  /** Sites that were there for the agent, met or not. */
  readonly offered: readonly Site[]
  /** Names of sites that trials came to. */
  readonly met: ReadonlySet<string>
}

export function leftOutOf({ ground, unfaced, unwanted, depth, offered, met }: Tried): LeftOut[] {
  const pairs = depth === '1' ? pairsIn(ground) : 0
  return [
    ...unfaced.map((name) => row('class', name, 0, `faults: [..., '${name}'] in the scenario`)),
    ...(unwanted > 0
      ? [row('selection', 'plans that were not asked for', unwanted, 'run it without --only and --skip')]
      : []),
    ...(pairs > 0 ? [row('pairs', 'pairs of faults', pairs, '--depth 2')] : []),
    ...unmet(offered, met).map((name) => row('site', name, 0, 'a task or a script of the model that leads to it')),
  ]
}

/** Pairs that begin with a trial whose like has been seen: the first of the two faults differs in words alone. */
export function sameRow(plans: number): LeftOut[] {
  return plans > 0 ? [row('same', 'pairs that begin as others do', plans, 'none is needed: they come to the same')] : []
}

/** With what the bound left out, which shows only when the search is over. */
export function withBound(
  rows: readonly LeftOut[],
  { planned, skipped }: ScenarioReport['search'],
  timeUp: boolean,
): LeftOut[] {
  if (skipped === 0) return [...rows]
  const option = timeUp ? 'a longer --max-time' : `--trials-max ${planned}`
  return [row('bound', 'plans beyond the bound', skipped, option), ...rows]
}

function row(kind: LeftOut['kind'], what: string, plans: number, option: string): LeftOut {
  return { kind, what, plans, option }
}

/** Of faults that each strike once, the one after the other; what comes to light under the first is more. */
function pairsIn({ reachable, faults }: Ground): number {
  let after = 0
  let pairs = 0
  for (const fits of reachable.map((point) => fitsAt(point, faults)).reverse()) {
    pairs += fits * after
    after += fits
  }
  return pairs
}

function fitsAt(point: Ground['reachable'][number], faults: readonly FaultDescription[]): number {
  return fitting(point, faults).length
}

/** A pattern stands for whatever may be asked of a service, and nobody can name all of that. */
function unmet(offered: readonly Site[], met: ReadonlySet<string>): string[] {
  const names = offered.filter(({ target }) => !target.includes('*')).map(siteName)
  return [...new Set(names)].filter((name) => !met.has(name))
}
