/**
 * What the trials of a search came to before anybody judges it: of a whole search, or of the part that a shard ran. Apart
 * from the search because parts that were run apart add up to what would have been found together, and are judged then.
 */

import { intrusionNote, unownedReading } from '../contracts/executor.js'
import type {
  CoverageRow,
  InvariantRow,
  LeftOut,
  ScenarioReport,
  TrialReport,
  ViolationReport,
} from '../contracts/report/report.js'
import { behaviourTrialsMost, type ScenarioPart, type Shard } from '../contracts/shard.js'
import { breakerNotes, joinBreakers } from './breakers.js'
import { arrange } from './causes.js'
import { joinCells } from './cells.js'
import { conclude } from './conclude.js'
import { findingKey, invariantRow } from './findings.js'
import { withBound } from './left-out.js'
import type { SearchOptions } from './options.js'
import { shrinkingOf } from './tell.js'

/** What a search found; file and wall time are for the caller to add. */
export type SearchResult = Omit<ScenarioReport, 'environment' | 'timing'>

export interface Searched {
  readonly name: string
  readonly canary: string | null
  readonly baseline: TrialReport | null
  readonly baselineEvents: ScenarioReport['baselineEvents']
  readonly invariants: readonly InvariantRow[]
  readonly violations: readonly ViolationReport[]
  readonly coverage: readonly CoverageRow[]
  readonly unfaced: ScenarioReport['unfaced']
  /** But for what the bound left out. */
  readonly leftOut: readonly LeftOut[]
  readonly search: ScenarioReport['search']
  readonly part: ScenarioPart
  readonly interrupted: boolean
}

/** The verdict on a whole search; on a part of one, what of it can be said already, with what the merge needs. */
export function resultOf(
  searched: Searched,
  { shard, minCoverage }: Pick<SearchOptions, 'shard' | 'minCoverage'> = {},
): SearchResult {
  const { name, canary, baseline, baselineEvents, invariants, violations, coverage, unfaced } = searched
  const { part, interrupted } = searched
  const { listed, unrepeatable, modelNeverCalled = false, timeUp = false, behaviours = [] } = part
  const search = { ...searched.search, newBehaviour: perHundred(behaviours, searched.search.run) }
  const { landed } = search
  const known = { canary, listed, invariants, violations, interrupted, shard, landed, modelNeverCalled }
  const evidence = { ...known, coverage, minCoverage }
  return {
    name,
    canary,
    baseline,
    ...(baselineEvents && { baselineEvents }),
    invariants: [...invariants],
    coverage: [...coverage],
    unfaced: [...unfaced],
    leftOut: withBound(searched.leftOut, search, timeUp),
    measure: null,
    ...conclude({ ...evidence, unrepeatable: unrepeatable?.because ?? whatNoSeedRepeats(part) }),
    violations: [...violations],
    search,
    notes: notesOf(part, asksForRecovery(searched), shard),
    ...(shard !== undefined && { part }),
  }
}

/** Of each hundred trials, how many went as none before them. Numbers of a shard's own trials are those of the whole search. */
function perHundred(behaviours: NonNullable<ScenarioPart['behaviours']>, run: number): number[] {
  const last = behaviours.reduce((most, { trial }) => Math.max(most, trial), Math.min(run, behaviourTrialsMost))
  const counts = Array.from({ length: Math.ceil(last / 100) }, () => 0)
  for (const { trial } of behaviours) {
    const index = Math.ceil(trial / 100) - 1
    if (index >= 0) counts[index] = (counts[index] ?? 0) + 1
  }
  return counts
}

function firstBehaviours(behaviours: NonNullable<ScenarioPart['behaviours']>) {
  const inTurn = [...behaviours].sort((left, right) => left.trial - right.trial)
  const seen = new Set<string>()
  return inTurn.filter(({ behaviour }) => !seen.has(behaviour) && seen.add(behaviour))
}

function notesOf(
  { strays, killed, intruded, death, breakers, unrepeatable, timeUp, outages }: ScenarioPart,
  isRecoveryAskedFor: boolean,
  shard: Shard | undefined,
): string[] {
  const neverCameBack = outages.struck > 0 && outages.cameBack === 0
  return [
    ...strays.map(({ note }) => note),
    ...(killed > 0 ? [`${killed} trials were ended by the watchdog`] : []),
    ...(intruded > 0 ? [`${intruded} ${intrusionNote}`] : []),
    ...(death ? [death.because] : []),
    // What a breaker never saw in one shard it may have seen in another.
    ...(shard === undefined ? breakerNotes(breakers) : []),
    ...(shard === undefined && isRecoveryAskedFor && neverCameBack ? [recoveryNotSeen] : []),
    ...(timeUp ? ['the time of its search (--max-time) was up before all its plans were tried'] : []),
    ...(unrepeatable === null ? [] : [unrepeatable.because]),
  ]
}

/** The first reading of unowned time or chance, where readings are asked for. */
function whatNoSeedRepeats({ strays }: ScenarioPart): string | undefined {
  return strays.find(({ url }) => url.startsWith(unownedReading))?.note
}

/** Whether something good is to come once the world has healed, by what the scenario itself lists. */
function asksForRecovery({ invariants, part: { listed } }: Searched): boolean {
  return invariants.some(({ name, kind }) => kind === 'liveness' && listed.includes(name))
}

const recoveryNotSeen =
  'no recovery was asked for: whenever an outage was over, the agent had nothing left to do at the site that it had struck'

/** The whole of which these are all the parts, in any order; there is one at least. */
export function joinSearches(parts: readonly [Searched, ...Searched[]]): Searched {
  const [first] = parts
  const violations = joinViolations(parts.flatMap((part) => part.violations))
  const sum = (count: (part: Searched) => number) => parts.reduce((total, part) => total + count(part), 0)
  const modelNeverCalled = parts.every(({ part }) => part.modelNeverCalled)
  const timeUp = parts.some(({ part }) => part.timeUp)
  const { modelNeverCalled: _, timeUp: __, death: ___, ...part } = first.part
  const rechecking = sum(({ search, violations }) => search.shrinking - shrinkingOf(violations))
  return {
    name: first.name,
    canary: first.canary,
    baseline: first.baseline,
    baselineEvents: first.baselineEvents,
    invariants: first.invariants.map(({ name, kind }) => joinRows(name, kind, parts)),
    violations,
    unfaced: first.unfaced,
    leftOut: first.leftOut,
    coverage: joinCells(parts.flatMap(({ coverage }) => coverage)),
    search: {
      planned: sum(({ search }) => search.planned),
      run: sum(({ search }) => search.run),
      reached: sum(({ search }) => search.reached),
      landed: sum(({ search }) => search.landed),
      shrinking: rechecking + shrinkingOf(violations),
      skipped: sum(({ search }) => search.skipped),
    },
    part: {
      ...part,
      ...(modelNeverCalled && { modelNeverCalled }),
      ...(timeUp && { timeUp }),
      ...firstDeath(parts),
      killed: sum(({ part }) => part.killed),
      intruded: sum(({ part }) => part.intruded),
      outages: {
        struck: sum(({ part }) => part.outages.struck),
        cameBack: sum(({ part }) => part.outages.cameBack),
      },
      strays: firstStrays(parts.flatMap(({ part }) => part.strays)),
      behaviours: firstBehaviours(parts.flatMap(({ part }) => part.behaviours ?? [])),
      breakers: joinBreakers(parts.flatMap(({ part }) => part.breakers)),
      reasons: [],
      unrepeatable: lastDifference(parts.flatMap(({ part }) => part.unrepeatable ?? [])),
    },
    interrupted: parts.some(({ interrupted }) => interrupted),
  }
}

/** Each bug once, as one search over all the trials would have told it. */
export function joinViolations(violations: readonly ViolationReport[]): ViolationReport[] {
  const found = new Map<string, ViolationReport>()
  for (const violation of violations) {
    const key = findingKey(violation.invariant, violation.signature)
    const known = found.get(key)
    found.set(key, known ? joinReports(known, violation) : violation)
  }
  return arrange([...found.values()])
}

function joinReports(left: ViolationReport, right: ViolationReport): ViolationReport {
  const isPlainer = left.shown.plainness - right.shown.plainness || left.shown.by - right.shown.by
  const also = [...left.also, ...right.also].sort((one, other) => one.by - other.by)
  return {
    ...(isPlainer <= 0 ? left : right),
    foundAfterTrials: Math.min(left.foundAfterTrials, right.foundAfterTrials),
    occurrences: left.occurrences + right.occurrences,
    also: also.filter(({ kind }, index) => also.findIndex((other) => other.kind === kind) === index),
  }
}

function joinRows(name: string, kind: InvariantRow['kind'], parts: readonly Searched[]): InvariantRow {
  const rows = parts.flatMap(({ invariants, part }) => {
    const row = invariants.find((one) => one.name === name)
    const { trial = Number.POSITIVE_INFINITY, near = 0 } =
      part.reasons.find(({ invariant }) => invariant === name) ?? {}
    return row ? [{ row, trial, near }] : []
  })
  const sum = (count: keyof InvariantRow['trials']) => rows.reduce((total, { row }) => total + row.trials[count], 0)
  const trials = {
    held: sum('held'),
    violated: sum('violated'),
    vacuous: sum('vacuous'),
    inconclusive: sum('inconclusive'),
  }
  // Why it could not be judged outweighs why it was not put to the test; of equal reasons the first counts.
  const reasons = rows
    .filter(({ row }) => row.trials.inconclusive > 0 === trials.inconclusive > 0)
    .sort((left, right) => right.near - left.near || left.trial - right.trial)
  return invariantRow(name, kind, trials, reasons[0]?.row.because)
}

function firstStrays(strays: ScenarioPart['strays']): ScenarioPart['strays'] {
  const found = new Map<string, ScenarioPart['strays'][number]>()
  const inTurn = [...strays].sort((left, right) => left.trial - right.trial)
  for (const stray of inTurn) if (!found.has(stray.url)) found.set(stray.url, stray)
  return [...found.values()]
}

function firstDeath(parts: readonly Searched[]): Pick<ScenarioPart, 'death'> {
  const [death] = parts.flatMap(({ part }) => part.death ?? []).sort((left, right) => left.trial - right.trial)
  return death ? { death } : {}
}

/** Trials are run again from the last to the first, and the first difference that is met is reported. */
function lastDifference(
  differences: readonly NonNullable<ScenarioPart['unrepeatable']>[],
): ScenarioPart['unrepeatable'] {
  return differences.reduce<ScenarioPart['unrepeatable']>(
    (last, difference) => (last === null || difference.trial > last.trial ? difference : last),
    null,
  )
}
