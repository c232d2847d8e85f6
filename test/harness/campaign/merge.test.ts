/** Proves that nothing is merged but all the shards of one run, and what a shard by itself says. That they add up is a law. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeReports } from '../../../harness/campaign/merge.js'
import type { ReportFile } from '../../../harness/campaign/read-report.js'
import type { BreakerRemarks } from '../../../harness/contracts/breaker.js'
import type { UserError } from '../../../harness/contracts/errors.js'
import type { Executor } from '../../../harness/contracts/executor.js'
import type { Report } from '../../../harness/contracts/report/report.js'
import { isOwn, ownShare } from '../../../harness/contracts/shard.js'
import { makeExecutor, type Nature, type Run, reportOf, shardsOf, version } from '../../support/campaign/shards.js'

describe('reports that are not all the shards of one run', () => {
  const calm: Nature = {
    salt: 1,
    violating: 0,
    inconclusive: 0,
    vacuous: 0,
    failing: 0,
    landing: 1,
    leaking: 0,
    killed: 0,
  }
  const executors = () => [
    makeExecutor('one', calm),
    makeExecutor('canary', { ...calm, violating: 1 }, { canary: 'listed', budget: {} }),
    makeExecutor('two', calm),
  ]
  const run: Run = { seed: 1, trialsMax: 200, random: 0, measureTrials: 2000, executors }
  const failure = {
    kind: 'usage',
    message: 'no default export',
    environment: { file: 'x.chaos.ts', where: 'x' },
  } as const

  /** Three shards, one of them changed. */
  async function shardsWith(index: number, change: (report: Report) => Report): Promise<ReportFile[]> {
    const files = await shardsOf(run, 3)
    return files.map((file, at) => (at === index - 1 ? { ...file, report: change(file.report) } : file))
  }

  const withScenarios = (report: Report, change: (scenario: Report['scenarios'][number]) => object): Report => ({
    ...report,
    scenarios: report.scenarios.map((scenario) => ({ ...scenario, ...change(scenario) })),
  })
  const rename = (report: Report, from: string, to: string): Report => ({
    ...withScenarios(report, ({ name }) => ({ name: name === from ? to : name })),
    ...(report.shard && {
      shard: { ...report.shard, scenarios: report.shard.scenarios.map((name) => (name === from ? to : name)) },
    }),
  })
  const as = (report: Report, index: number, count: number): Report => ({
    ...report,
    ...(report.shard && { shard: { ...report.shard, index, count } }),
  })
  const other: readonly [string, (report: Report) => Report, RegExp | string][] = [
    ['another seed', (report) => ({ ...report, seed: 9 }), 'the seed is 1 in 1.json and 9 in 3.json'],
    [
      'another version',
      (report) => ({ ...report, environment: { ...report.environment, version: '9.9.9' } }),
      'the version of agent-chaos is "1.2.3" in 1.json and "9.9.9" in 3.json',
    ],
    [
      'another option',
      (report) => ({ ...report, ...(report.options && { options: { ...report.options, trialsMax: 7 } }) }),
      'the option trialsMax is 200 in 1.json and 7 in 3.json',
    ],
    [
      'another number of shards',
      (report) => as(report, 3, 4),
      'how many shards there are is 3 in 1.json and 4 in 3.json',
    ],
    ['a shard that is there twice', (report) => as(report, 2, 3), 'shard 2 of 3 is there twice, in 2.json and 3.json'],
    ['another scenario', (report) => rename(report, 'two', 'three'), '3.json lacks "two", which 1.json has'],
    [
      'one scenario less',
      (report) => ({
        ...rename(report, 'two', 'one'),
        failures: [failure],
      }),
      '3.json lacks "two", which 1.json has; x.chaos.ts: no default export',
    ],
    [
      'a shard that was interrupted',
      (report) => ({ ...report, interrupted: true }),
      /^3.json: shard 3 of 3 was interrupted/,
    ],
    ['the report of a whole run', ({ shard: _, ...report }) => report, /^3.json: this is the report of a whole run/],
    [
      'a file that one shard could not run',
      (report) => ({ ...report, failures: [failure] }),
      '3.json: x.chaos.ts could not be run by shard 3 of 3: no default export',
    ],
    [
      'a scenario that a shard did not run',
      (report) => ({ ...report, scenarios: report.scenarios.filter(({ name }) => name !== 'two') }),
      '3.json: shard 3 of 3 has not run "two", which 1.json has',
    ],
    [
      'a scenario that changed between the shards',
      (report) => withScenarios(report, ({ baseline }) => ({ baseline: baseline && { ...baseline, digest: 'other' } })),
      '"one" is not the same scenario in 1.json and 3.json: its trial without faults differs. Do both have the same code?',
    ],
    [
      'a scenario whose budget changed',
      (report) =>
        withScenarios(report, ({ measure }) => ({ measure: measure && { ...measure, budget: { reliability: 0.7 } } })),
      'its budget differs',
    ],
  ]

  it.each(other)('are refused for %s', async (_what, change, message) => {
    const shards = await shardsWith(3, change)
    const locate = () => {
      try {
        return mergeReports(shards, version)
      } catch (error) {
        const { name, message, where } = error as UserError
        throw new Error(`${name}: ${where === undefined ? '' : `${where}: `}${message}`)
      }
    }
    expect(locate).toThrow(/^UserError: /)
    expect(locate).toThrow(
      typeof message === 'string' ? message : new RegExp(message.source.replace('^', 'UserError: ')),
    )
  })

  it('are refused where shards are missing, by their numbers', async () => {
    const files = await shardsOf(run, 3)
    expect(() => mergeReports(files.slice(0, 1), version)).toThrow('shards 2, 3 of 3 are missing')
    expect(() => mergeReports(files.slice(1), version)).toThrow('shard 1 of 3 is missing')
    const report = as((files[0] as ReportFile).report, 1, 100)
    expect(() => mergeReports([{ file: 'a.json', report }], version)).toThrow('12, 13 and 87 more of 100 are missing')
  })

  it('are refused where the canary was not run by any shard', async () => {
    const shards = await shardsWith(2, (report) => ({
      ...report,
      scenarios: report.scenarios.filter(({ name }) => name !== 'canary'),
    }))
    expect(() => mergeReports(shards, version)).toThrow('no shard has run "canary"')
  })

  it('are refused by another version of the package than made them', async () => {
    const files = await shardsOf(run, 2)
    expect(() => mergeReports(files, '2.0.0')).toThrow('shards of agent-chaos 1.2.3 are merged by that version')
  })

  it('and there is nothing to merge of none', () => {
    expect(() => mergeReports([], version)).toThrow('there is nothing to merge')
  })
})

describe('a shard', () => {
  const failing: Nature = {
    salt: 1,
    violating: 0,
    inconclusive: 0,
    vacuous: 1,
    failing: 1,
    landing: 1,
    leaking: 0,
    killed: 0,
  }
  const run: Run = {
    seed: 1,
    trialsMax: 200,
    random: 0,
    measureTrials: 2000,
    executors: () => [makeExecutor('one', failing)],
  }

  it('judges no gate, and takes nothing for untested that another may test', async () => {
    const report = await reportOf(run, { index: 2, count: 3 })
    const [scenario] = report.scenarios
    expect([report.verdict, report.exitCode, scenario?.verdict, scenario?.measure?.gate.verdict]).toEqual([
      'pending',
      0,
      'pending',
      'pending',
    ])
    expect(scenario?.measure?.gate.because).toMatch(/^\d+ of \d+ trials are those of shard 2 of 3: /)
    const merged = mergeReports(await shardsOf(run, 3), version)
    expect([merged.exitCode, merged.scenarios[0]?.measure?.gate.verdict]).toEqual([1, 'missed'])
  })

  it('does not tell that a breaker never can open, which all of them together may know better', async () => {
    const seeing = (seen: number): Executor => {
      const one = makeExecutor('one', failing)
      const breakers: BreakerRemarks[] = [
        { site: 'tool:a', triesAtMost: 1, statusesCounted: [], volume: { seen, needed: 2 } },
      ]
      const run: Executor['run'] = async (...given) =>
        (await one.run(...given)).map((record) => record && { ...record, breakers })
      return { ...one, run }
    }
    const notes = ({ scenarios }: Report) => scenarios.flatMap((scenario) => scenario.notes)
    const never = /^the breaker before tool:a never can open/
    const blind = { ...run, executors: () => [seeing(1)] }
    expect(notes(await reportOf(blind, { index: 1, count: 2 }))).not.toContainEqual(expect.stringMatching(never))
    const shards = await shardsOf(blind, 2)
    expect(notes(mergeReports(shards, version))).toContainEqual(expect.stringMatching(never))
    const seen = await shardsOf({ ...run, executors: () => [seeing(2)] }, 2)
    const merged = mergeReports([...shards.slice(0, 1), ...seen.slice(1)], version)
    expect(notes(merged)).not.toContainEqual(expect.stringMatching(never))
  })

  it('fails by a violation alone', async () => {
    const violating = { ...failing, vacuous: 0, violating: 1 }
    const report = await reportOf({ ...run, executors: () => [makeExecutor('one', violating)] }, { index: 2, count: 3 })
    expect([report.verdict, report.exitCode]).toEqual(['violated', 1])
  })

  it('has trials of its own, and all shards have all trials', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 40 }), (trials, count) => {
        const shards = Array.from({ length: count }, (_, index) => ({ index: index + 1, count }))
        const numbers = Array.from({ length: trials }, (_, index) => index + 1)
        const dealt = shards.map((shard) => numbers.filter((number) => isOwn(number, shard)))
        expect(dealt.flat().sort((left, right) => left - right)).toEqual(numbers)
        expect(dealt.map(({ length }) => length)).toEqual(shards.map((shard) => ownShare(trials, shard)))
        expect(
          Math.max(...dealt.map(({ length }) => length)) - Math.min(...dealt.map(({ length }) => length)),
        ).toBeLessThan(2)
      }),
    )
  })
})
