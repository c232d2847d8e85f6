/**
 * The reports of all shards put together. But for timing and environment it is the report of one run that ran every
 * trial itself, and measured a fixed number of them. What a shard could not judge is judged here.
 */

import { UserError } from '../contracts/errors.js'
import { type Report, reportSchema, type ScenarioReport, type ViolationReport } from '../contracts/report/report.js'
import { rowsOf, type Sample, type SampleRow } from '../contracts/report/sample.js'
import { measureRows } from '../measure/measure.js'
import type { RateSample } from '../measure/sweep.js'
import { joinSearches, joinViolations, resultOf, type Searched, type SearchResult } from '../search/searched.js'
import { shrinkingOf } from '../search/tell.js'
import { assemble, type FileResult } from './assemble.js'
import { joinedJudged, withJudged } from './judged-twice.js'
import { type Shards, shardsOf } from './mergeable.js'
import { problemOf } from './problem.js'
import type { ReportFile } from './read-report.js'
import { isKnown, withMeasured } from './reliability.js'

/** Throws a `UserError` that names the files where these are not all the shards of one run. `version` is this package's. */
export function mergeReports(files: readonly ReportFile[], version: string): Report {
  const shards = shardsOf(files, version)
  const [first] = shards.reports
  const scenarios = shards.scenarios.map((parts): FileResult => ({ kind: 'scenario', report: whole(parts, shards) }))
  const failures = shards.failures.map((failure): FileResult => ({ kind: 'failed', failure }))
  const merged = assemble([...scenarios, ...failures], {
    seed: first.seed,
    options: first.options,
    interrupted: false,
    environment: first.environment,
    timing: spanOf(shards.reports),
  })
  refuseNoReport(merged)
  return merged
}

/** Each may be a report, and their sum none: counts that nobody can have counted, say. */
function refuseNoReport(merged: Report): void {
  const { error } = reportSchema.safeParse(merged)
  if (error) throw new UserError(`these shards do not add up to a report: ${problemOf(error)}`)
}

/** From when the first shard began until the last one ended. */
function spanOf(reports: readonly Report[]): Report['timing'] {
  const began = reports.map(({ timing }) => Date.parse(timing.startedAt))
  const ended = reports.map(({ timing }, index) => (began[index] ?? 0) + timing.wallMs)
  const earliestMs = Math.min(...began)
  const startedAt = reports.find((_, index) => began[index] === earliestMs)?.timing.startedAt ?? ''
  return { startedAt, wallMs: Math.max(...ended) - earliestMs }
}

type Parts = Shards['scenarios'][number]

/** One scenario, of which these are all the parts. */
function whole(parts: Parts, { reports: [{ options }] }: Shards): ScenarioReport {
  const [first] = parts
  const { environment } = first
  const timing = timingOf(parts)
  const searched = parts.flatMap((scenario) => searchOf(scenario) ?? [])
  const [one, ...others] = searched
  // A canary is run by one shard; and what does not work without faults has nothing to add up.
  if (one === undefined) return { ...first, timing }
  const { minCoverage } = options ?? {}
  const found = resultOf(joinSearches([one, ...others]), { minCoverage: minCoverage ?? undefined })
  const judgedTwice = joinedJudged(parts)
  return {
    ...withJudged(withSample(found, parts, options?.measureTrials ?? 0), judgedTwice),
    environment: { ...environment, ...(judgedTwice && { judgedTwice }) },
    timing,
  }
}

function timingOf(parts: Parts): ScenarioReport['timing'] {
  const wallMs = parts.reduce((sum, { timing }) => sum + timing.wallMs, 0)
  const each = parts.flatMap(({ timing: { trialMs } }) => trialMs ?? [])
  if (each.length === 0) return { wallMs }
  return { wallMs, trialMs: each.reduce((sum, ms) => sum + ms, 0) / each.length }
}

/** What the part of a search came to, as it stands in its shard's report. */
function searchOf(scenario: ScenarioReport): Searched | undefined {
  const {
    name,
    canary,
    baseline,
    baselineEvents,
    invariants,
    violations,
    coverage,
    unfaced,
    leftOut = [],
    search,
    part,
  } = scenario
  if (part === undefined) return undefined
  const [own, measured] = [violations.filter((one) => !isMeasured(one)), violations.filter(isMeasured)]
  const shrinking = search.shrinking - shrinkingOf(measured)
  return {
    name,
    canary,
    baseline,
    baselineEvents,
    invariants,
    violations: own,
    coverage,
    unfaced,
    // What the bound left out is known of the whole alone.
    leftOut: leftOut.filter(({ kind }) => kind !== 'bound'),
    search: { ...search, shrinking },
    part,
    interrupted: false,
  }
}

function isMeasured({ phase }: ViolationReport): boolean {
  return phase === 'measure'
}

function withSample(found: SearchResult, parts: Parts, trialsMax: number): SearchResult {
  const { budget, prices } = parts[0].measure ?? {}
  if (budget === undefined || prices === undefined) return found
  const rows = rowsIn(parts.map(({ measure }) => measure?.sample))
  const met = parts
    .flatMap(({ violations }) => violations)
    .filter((one) => isMeasured(one) && !isKnown(found.violations, one.invariant, one.signature))
  const settled = { trialsMax, pricesAsOf: prices.listsAsOf }
  return withMeasured(found, measureRows(budget, rows, settled, rateSamplesIn(parts)), joinViolations(met))
}

/** In the order of their numbers. */
function rowsIn(samples: readonly (Sample | undefined)[]): SampleRow[] {
  return samples.flatMap((sample) => (sample ? rowsOf(sample) : [])).sort((left, right) => left.number - right.number)
}

/** The samples of the sweep, of each rate all parts together. */
function rateSamplesIn(parts: Parts): RateSample[] {
  const swept = parts.flatMap(({ measure }) => measure?.sweep ?? [])
  const rates = [...new Set(swept.map(({ faultRate }) => faultRate.nominal))].sort((left, right) => left - right)
  return rates.map((rate) => ({
    rate,
    rows: rowsIn(swept.filter(({ faultRate }) => faultRate.nominal === rate).map(({ sample }) => sample)),
  }))
}
