/**
 * What the trials of a search add up to: violations grouped by what they are, each invariant's record, and the coverage
 * of sites by faults. A trial whose plan never landed proves nothing and counts for nothing but itself.
 */

import { shortDigest } from '../contracts/digest.js'
import type { ScenarioFacts, Stray, TrialRecord, TrialSpec } from '../contracts/executor.js'
import type { CoverageRow, InvariantRow } from '../contracts/report/report.js'
import { behaviourTrialsMost } from '../contracts/shard.js'
import { siteName } from '../contracts/trace.js'
import type { Judgement, Verdict } from '../contracts/verdict.js'
import { conductOf } from './behaviour.js'
import { BreakerTally, type SeenBreaker } from './breakers.js'
import { cellKey, cellOf, coverageRow, joinCells, type MapCell, nothing } from './cells.js'
import { deathIn, leakIn } from './disturbed.js'
import { kindOf, plainnessOf } from './plainness.js'
import type { Difference } from './repeatable.js'

type Violated = Extract<Verdict, { kind: 'violated' }>

/** One way in which one invariant is violated, and the plans that showed it. */
export interface Finding {
  readonly invariant: string
  readonly verdict: Violated
  /** The trial that tells of it best, with its number. */
  readonly spec: TrialSpec
  readonly record: TrialRecord
  readonly trial: number
  /** Boundaries and classes of its faults. */
  readonly kind: string
  /** 0 is the plainest. */
  readonly plainness: number
  readonly foundAfterTrials: number
  readonly occurrences: number
  /** Of each kind of faults the first trial that showed it. */
  readonly kinds: ReadonlyMap<string, { readonly trial: number; readonly spec: TrialSpec }>
}

type Counts = { held: number; violated: number; vacuous: number; inconclusive: number }

/** Why an invariant was not judged, and the trial that says so; the baseline is trial 0. */
type Reason = { readonly trial: number; readonly because: string; readonly near?: number | undefined }

type Tally = Counts & { reason: Reason | undefined }

const emptyTally = (): Tally => ({ held: 0, violated: 0, vacuous: 0, inconclusive: 0, reason: undefined })

/** The one that came nearer to a test; of equal ones the first. Why it could not be judged outweighs both. */
function nearer(known: Reason | undefined, other: Required<Pick<Reason, 'trial' | 'because'>> & Reason): Reason {
  const { trial, because, near } = other
  return known === undefined || (near ?? 0) > (known.near ?? 0) ? { trial, because, near } : known
}

export class Findings {
  readonly #facts: ScenarioFacts
  readonly #findings = new Map<string, Finding>()
  readonly #tallies: Map<string, Tally>
  readonly #coverage = new Map<string, CoverageRow>()
  readonly #strays = new Map<string, Stray & { readonly trial: number }>()
  readonly #breakers = new BreakerTally()
  readonly #behaviours = new Map<string, number>()
  /** In any trial of the search. */
  modelCalled = false
  killed = 0
  intruded = 0
  /** The first trials that what an earlier one left behind has ended. */
  leak: Difference | undefined
  death: Difference | undefined
  /** Trials in which an outage struck, and those in which the agent came back when it was over. */
  readonly outages = { struck: 0, cameBack: 0 }
  run = 0
  reached = 0
  landed = 0

  constructor(facts: ScenarioFacts) {
    this.#facts = facts
    this.#tallies = new Map(facts.invariants.map(({ name }) => [name, emptyTally()]))
  }

  /** The baseline says whether an invariant was put to the test, but is no trial of the search. */
  addBaseline(record: TrialRecord): void {
    this.#judge(0, record.judgements, true)
    this.#breakers.add(0, record)
  }

  /**
   * `number` is the trial's, from 1. Trials come in the order of their numbers. `judgements` are those that count; all of
   * the record's unless some are told elsewhere.
   */
  add(number: number, spec: TrialSpec, record: TrialRecord, judgements = record.judgements): void {
    this.run++
    if (record.spend.modelCalls > 0) this.modelCalled = true
    const landed = record.injections.some(({ status }) => status === 'landed')
    if (record.injections.some(({ status }) => status !== 'planned')) this.reached++
    if (landed) this.landed++
    if (record.end.kind === 'killed') this.killed++
    if (record.intruded) this.intruded++
    this.leak ??= leakIn(number, record)
    this.death ??= deathIn(number, record)
    if (record.cameBack !== undefined) this.outages.struck++
    if (record.cameBack) this.outages.cameBack++
    for (const stray of record.strays) {
      if (!this.#strays.has(stray.url)) this.#strays.set(stray.url, { trial: number, ...stray })
    }
    this.#breakers.add(number, record)
    if (number <= behaviourTrialsMost) this.#watch(number, record)
    this.#judge(number, judgements, landed)
    this.#cover(spec, record)
    for (const { invariant, verdict } of judgements) {
      if (verdict.kind === 'violated') this.#find(number, invariant, verdict, spec, record)
    }
  }

  /** The violation that a canary is there to show, once it was found. */
  canary(): Finding | undefined {
    return this.findings.find(({ invariant }) => invariant === this.#facts.canary)
  }

  get findings(): Finding[] {
    return [...this.#findings.values()]
  }

  invariantRows(): InvariantRow[] {
    return this.#facts.invariants.map(({ name, kind }) => {
      const { reason, ...trials } = this.#tallies.get(name) ?? emptyTally()
      return invariantRow(name, kind, trials, reason?.because)
    })
  }

  /** Which trials the reasons in the rows are taken from. */
  reasons(): { readonly invariant: string; readonly trial: number; readonly near?: number }[] {
    return [...this.#tallies].flatMap(([invariant, { reason }]) =>
      reason === undefined ? [] : [{ invariant, trial: reason.trial, ...(reason.near && { near: reason.near }) }],
    )
  }

  /** The cells that were aimed at, and those of `fitting` that nobody aimed at. */
  coverage(fitting: readonly MapCell[] = []): CoverageRow[] {
    return joinCells([...this.#coverage.values(), ...fitting.map((cell) => coverageRow(cell, nothing))])
  }

  /** Each way in which a trial went, with the first that did. */
  behaviours(): { readonly trial: number; readonly behaviour: string }[] {
    return [...this.#behaviours].map(([behaviour, trial]) => ({ trial, behaviour }))
  }

  /** Origins that were refused, each with the first trial that tried to reach it. */
  strays(): (Stray & { readonly trial: number })[] {
    return [...this.#strays.values()]
  }

  /** What the trials show of each circuit breaker, with the first trial that shows any of it. */
  breakers(): SeenBreaker[] {
    return this.#breakers.breakers()
  }

  #watch(number: number, record: TrialRecord): void {
    const behaviour = shortDigest(conductOf(record))
    if (!this.#behaviours.has(behaviour)) this.#behaviours.set(behaviour, number)
  }

  #judge(trial: number, judgements: readonly Judgement[], proves: boolean): void {
    for (const { invariant, verdict } of judgements) {
      const tally = this.#tallies.get(invariant)
      if (!tally || (verdict.kind === 'held' && !proves)) continue
      // Why it could not be judged outweighs why it was not put to the test.
      if (verdict.kind === 'inconclusive' && tally.inconclusive === 0)
        tally.reason = { trial, because: verdict.because }
      if (verdict.kind === 'vacuous') tally.reason = nearer(tally.reason, { trial, ...verdict })
      tally[verdict.kind]++
    }
  }

  #find(number: number, invariant: string, verdict: Violated, spec: TrialSpec, record: TrialRecord): void {
    const key = findingKey(invariant, verdict.signature)
    const kind = kindOf(record, this.#facts.faults)
    const plainness = plainnessOf(record, invariant, this.#facts)
    const shown = { verdict, spec, record, trial: number, kind, plainness }
    const known = this.#findings.get(key)
    const kinds = new Map([[kind, { trial: number, spec }], ...(known?.kinds ?? [])])
    const counts = {
      foundAfterTrials: known?.foundAfterTrials ?? number,
      occurrences: (known?.occurrences ?? 0) + 1,
    }
    // Trials come in order, so of equally plain ones the first is kept.
    const best = known && known.plainness <= plainness ? known : { invariant, ...shown }
    this.#findings.set(key, { ...best, ...counts, kinds })
  }

  /** Plans of the search name their sites in full, so that what was planned can be counted without running it. */
  #cover({ plan }: TrialSpec, { injections, struck }: TrialRecord): void {
    const aimed = new Map<string, { cell: MapCell; reached: boolean; masked: boolean; landed: boolean }>()
    plan.forEach(({ sites: [target], faults }, index) => {
      const { status = 'planned' } = injections[index] ?? {}
      const site = siteName(target)
      for (const use of faults) {
        const cell = cellOf(site, use, this.#facts.faults)
        const known = aimed.get(cellKey(cell))
        const hit = struck.some((one) => one.fault === use.fault && (target.target === '*' || one.site === site))
        const reached = known?.reached || status !== 'planned'
        const masked = known?.masked || status === 'masked'
        const landed = known?.landed || (status === 'landed' && hit)
        aimed.set(cellKey(cell), { cell, reached, masked, landed })
      }
    })
    for (const [key, { cell, ...came }] of aimed) {
      const { planned, reached, masked, landed } = this.#coverage.get(key) ?? nothing
      const counts = {
        planned: planned + 1,
        reached: reached + Number(came.reached),
        masked: masked + Number(came.masked && !came.landed),
        landed: landed + Number(came.landed),
      }
      this.#coverage.set(key, coverageRow(cell, counts))
    }
  }
}

/** What the judgements of an invariant add up to. */
export function invariantRow(
  name: string,
  kind: InvariantRow['kind'],
  trials: InvariantRow['trials'],
  because: string | undefined,
): InvariantRow {
  const verdict = verdictOn(trials)
  const explains = verdict === 'inconclusive' || verdict === 'not-tested'
  return { name, kind, verdict, trials, ...(explains && because !== undefined && { because }) }
}

function verdictOn({ violated, inconclusive, held }: InvariantRow['trials']): InvariantRow['verdict'] {
  if (violated > 0) return 'violated'
  if (inconclusive > 0) return 'inconclusive'
  return held > 0 ? 'held' : 'not-tested'
}

/** Equal keys are one bug. */
export function findingKey(invariant: string, signature: string): string {
  return `${invariant} ${signature}`
}

/** Whether a record shows the violation that is looked for. */
export function shows({ judgements }: TrialRecord, invariant: string, signature: string): Violated | undefined {
  for (const { invariant: name, verdict } of judgements) {
    if (name === invariant && verdict.kind === 'violated' && verdict.signature === signature) return verdict
  }
  return undefined
}
