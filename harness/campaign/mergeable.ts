/**
 * Whether reports are those of all the shards of one run. A merge of what does not belong together would give figures
 * that nobody measured. So every way in which it may not is refused by name.
 */
import { isDeepStrictEqual } from 'node:util'
import { UserError } from '../contracts/errors.js'
import type { FailureReport, Report, ScenarioReport } from '../contracts/report/report.js'
import type { Shard } from '../contracts/shard.js'
import type { ReportFile } from './read-report.js'

type Several<T> = readonly [T, ...T[]]

/** All shards of one run. */
export interface Shards {
  /** By their index. */
  readonly reports: Several<Report>
  /** For each scenario, in the order of the run, its parts by the index of their shard: one alone of a canary. */
  readonly scenarios: readonly Several<ScenarioReport>[]
  readonly failures: readonly FailureReport[]
}

interface ShardFile {
  readonly file: string
  readonly report: Report
  readonly shard: NonNullable<Report['shard']>
}

/** Throws a `UserError` for reports that are not all the shards of one run of this `version`. */
export function shardsOf(files: readonly ReportFile[], version: string): Shards {
  const sorted = files.map(shardOf).sort((left, right) => left.shard.index - right.shard.index)
  const [first, ...others] = sorted
  if (first === undefined) throw new UserError('there is nothing to merge: name the report of every shard')
  for (const other of others) refuseOtherRun(first, other)
  refuseOtherVersion(first, version)
  refuseIncomplete(sorted, first.shard.count)
  const reports: Several<Report> = [first.report, ...others.map(({ report }) => report)]
  for (const other of others) refuseOtherFailures(first, other)
  const scenarios = first.shard.scenarios.map((name) => partsOf(name, [first, ...others]))
  return { reports, scenarios, failures: first.report.failures }
}

function shardOf({ file, report }: ReportFile): ShardFile {
  const { shard, interrupted } = report
  if (shard === undefined) throw new UserError('this is the report of a whole run, and of no shard (--shard)', file)
  if (interrupted) throw new UserError(`${nameOf(shard)} was interrupted and has not run all its trials`, file)
  return { file, report, shard }
}

function nameOf({ index, count }: Shard): string {
  return `shard ${index} of ${count}`
}

/** What was asked of all shards alike: the seed, the options, and which scenarios. */
function refuseOtherRun(one: ShardFile, other: ShardFile): void {
  refuseDifference('how many shards there are', one, other, ({ shard }) => shard.count)
  refuseDifference('the version of agent-chaos', one, other, ({ report }) => report.environment.version)
  refuseDifference('the seed', one, other, ({ report }) => report.seed)
  const names = new Set([one, other].flatMap(({ report }) => Object.keys(report.options ?? {})))
  for (const name of names) refuseDifference(`the option ${name}`, one, other, ({ report }) => report.options?.[name])
  refuseOtherScenarios(one, other)
}

function refuseDifference(what: string, one: ShardFile, other: ShardFile, of: (file: ShardFile) => unknown): void {
  if (isDeepStrictEqual(of(one), of(other))) return
  const describe = (file: ShardFile) => `${JSON.stringify(of(file)) ?? 'nothing'} in ${file.file}`
  throw new UserError(`these are no shards of one run: ${what} is ${describe(one)} and ${describe(other)}`)
}

function refuseOtherScenarios(one: ShardFile, other: ShardFile): void {
  for (const [has, lacks] of [
    [one, other],
    [other, one],
  ] as const) {
    const missing = has.shard.scenarios.find((name) => !lacks.shard.scenarios.includes(name))
    if (missing === undefined) continue
    const why = lacks.report.failures.map(({ environment, message }) => `; ${environment.file}: ${message}`).join('')
    throw new UserError(`these are no shards of one run: ${lacks.file} lacks "${missing}", which ${has.file} has${why}`)
  }
  refuseDifference('the order of the scenarios', one, other, ({ shard }) => shard.scenarios)
}

function refuseOtherVersion({ file, report: { environment } }: ShardFile, version: string): void {
  if (environment.version === version) return
  throw new UserError(
    `shards of agent-chaos ${environment.version} are merged by that version, and this is ${version}`,
    file,
  )
}

const missingShownMax = 12

function refuseIncomplete(files: readonly ShardFile[], count: number): void {
  for (const [index, { file, shard }] of files.entries()) {
    const before = files[index - 1]
    if (before?.shard.index !== shard.index) continue
    throw new UserError(`${nameOf(shard)} is there twice, in ${before.file} and ${file}`)
  }
  const given = new Set(files.map(({ shard }) => shard.index))
  const missing = count - given.size
  if (missing === 0) return
  const shown: number[] = []
  for (let index = 1; shown.length < Math.min(missing, missingShownMax); index++)
    if (!given.has(index)) shown.push(index)
  const rest = missing > shown.length ? ` and ${missing - shown.length} more` : ''
  const [noun, verb] = missing === 1 ? ['shard', 'is'] : ['shards', 'are']
  const list = shown.join(', ')
  throw new UserError(`${noun} ${list}${rest} of ${count} ${verb} missing`)
}

/** A file that one shard could not run would be missing from the sum. */
function refuseOtherFailures(one: ShardFile, other: ShardFile): void {
  for (const [has, lacks] of [
    [one, other],
    [other, one],
  ] as const) {
    for (const { message, environment } of has.report.failures) {
      const same = lacks.report.failures.some((failure) => failure.environment.file === environment.file)
      if (!same)
        throw new UserError(`${environment.file} could not be run by ${nameOf(has.shard)}: ${message}`, has.file)
    }
  }
}

/** The parts of a scenario, which must be of one and the same. */
function partsOf(name: string, files: Several<ShardFile>): Several<ScenarioReport> {
  const found = files.flatMap((file) => {
    const scenario = file.report.scenarios.find((one) => one.name === name)
    return scenario ? [{ file, scenario }] : []
  })
  const [first, ...others] = found
  if (first === undefined) throw new UserError(`no shard has run "${name}"`)
  for (const { file, scenario } of others) refuseOtherScenario(first.file, first.scenario, file, scenario)
  const expected = first.scenario.canary === null ? files : [first.file]
  const missing = expected.find((file) => !found.some((one) => one.file === file))
  if (missing)
    throw new UserError(`${nameOf(missing.shard)} has not run "${name}", which ${first.file.file} has`, missing.file)
  return [first.scenario, ...others.map(({ scenario }) => scenario)]
}

/** Code that changed between two shards shows in the trial without faults, or in what there is to find. */
function refuseOtherScenario(
  oneFile: ShardFile,
  one: ScenarioReport,
  otherFile: ShardFile,
  other: ScenarioReport,
): void {
  const aspects: readonly (readonly [string, (scenario: ScenarioReport) => unknown])[] = [
    ['whether it is a canary', ({ canary }) => canary],
    ['its trial without faults', ({ baseline }) => baseline],
    [
      'which invariants are on',
      ({ invariants, part }) => [invariants.map(({ name, kind }) => [name, kind]), part?.listed],
    ],
    ['how many trials its search has', ({ part }) => part?.trials],
    ['its budget', ({ measure }) => measure?.budget],
  ]
  for (const [aspect, of] of aspects) {
    if (isDeepStrictEqual(of(one), of(other))) continue
    const where = `in ${oneFile.file} and ${otherFile.file}`
    throw new UserError(
      `"${one.name}" is not the same scenario ${where}: ${aspect} differs. Do both have the same code?`,
    )
  }
}
