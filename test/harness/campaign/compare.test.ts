/** Proves what of two runs counts as a regression, and how seldom chance alone is taken for one. */
import { describe, expect, it } from 'vitest'
import { compareReports } from '../../../harness/campaign/compare.js'
import type { ReportFile } from '../../../harness/campaign/read-report.js'
import { type UserError, withPlace } from '../../../harness/contracts/errors.js'
import type { Comparison, ScenarioComparison } from '../../../harness/contracts/report/comparison.js'
import type { MeasureReport, Report, ScenarioReport } from '../../../harness/contracts/report/report.js'
import { stream } from '../../../harness/contracts/stream.js'
import { compareReliability } from '../../../harness/measure/compared.js'
import { base, head, measureOf, range, run, type Trials } from '../../fixtures/cli/compared.js'
import { scenarioReport, violation } from '../../fixtures/cli/report.js'

const scenarioNamed = ({ scenarios }: Comparison, name: string): ScenarioComparison => {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (!found) throw new Error(`there is no ${name}`)
  return found
}

/** One scenario on both sides. */
const pair = (before: Partial<ScenarioReport>, after: Partial<ScenarioReport>) =>
  compareReports(run('base.json', [scenarioReport(before)]), run('head.json', [scenarioReport(after)]))

const measuredPair = (before: Trials, after: Trials) =>
  pair({ measure: measureOf(before) }, { measure: measureOf(after) }).scenarios[0]?.reliability

const refusal = (base: ReportFile, head: ReportFile): string => {
  try {
    compareReports(base, head)
  } catch (error) {
    expect((error as UserError).name).toBe('UserError')
    return withPlace(error as UserError)
  }
  throw new Error('they were compared')
}

describe('violations', () => {
  it('are new, fixed or persisting by scenario, invariant and signature, each with its command', () => {
    const { violations } = scenarioNamed(compareReports(base, head), 'refund-order')
    const reasonOf = (kind: keyof typeof violations) =>
      violations[kind].map(({ invariant, signature, status }) => [invariant, signature, status])
    expect(reasonOf('new')).toEqual([
      ['no-invented-success', 'invented', 'flaky'],
      ['effects-exactly-once', 'duplicated:charge', 'confirmed'],
    ])
    expect(reasonOf('fixed')).toEqual([['effects-exactly-once', 'duplicated:refund', 'confirmed']])
    expect(reasonOf('persisting')).toEqual([['terminates', 'deadlock', 'confirmed']])
    expect(violations.persisting[0]?.environment.command).toMatch(
      /^npx agent-chaos replay .* 'tool:refund#1 = tool\/hang'$/,
    )
  })

  it('make a regression where one is new, and none where it is flaky, fixed or persists', () => {
    const broken: Partial<ScenarioReport> = { verdict: 'violated', violations: [violation()] }
    const flaky: Partial<ScenarioReport> = {
      verdict: 'inconclusive',
      violations: [violation({ status: 'flaky' })],
    }
    expect(pair({}, broken)).toMatchObject({
      verdict: 'regression',
      exitCode: 1,
      because: ['refund-order: newly violated: effects-exactly-once'],
    })
    for (const [before, after] of [
      [{}, flaky],
      [broken, {}],
      [broken, broken],
      [{}, {}],
    ] as const) {
      expect(pair(before, after)).toMatchObject({ verdict: 'no-regression', exitCode: 0, because: [] })
    }
  })

  it('are new in a scenario that is', () => {
    const added = run('head.json', [scenarioReport(), scenarioReport({ name: 'other', violations: [violation()] })])
    expect(compareReports(run('base.json', [scenarioReport()]), added)).toMatchObject({ verdict: 'regression' })
  })

  it('are not fixed where nobody looked for them', () => {
    const broken: Partial<ScenarioReport> = {
      verdict: 'violated',
      violations: [violation(), violation({ signature: 's', phase: 'measure' })],
    }
    const fixedIn = (after: Partial<ScenarioReport>) => pair(broken, after).scenarios[0]?.violations.fixed.length
    expect(fixedIn({ measure: measureOf({ failing: [] }) })).toBe(2)
    expect(fixedIn({})).toBe(1)
    expect(fixedIn({ measure: measureOf({ failing: [], trials: 0 }) })).toBe(1)
    expect(fixedIn({ verdict: 'broken' })).toBe(0)
    expect(fixedIn({ verdict: 'misconfigured' })).toBe(0)
  })

  it('of a canary are what it is there for, and it is a regression where it is not caught any more', () => {
    const caught = { canary: 'effects-exactly-once', violations: [violation()] }
    const missed = {
      canary: 'effects-exactly-once',
      verdict: 'violated',
      because: 'the canary was not caught',
    } as const
    expect(pair({ canary: 'effects-exactly-once' }, caught).scenarios[0]?.violations.new).toEqual([])
    expect(pair(caught, missed)).toMatchObject({
      verdict: 'regression',
      because: ['refund-order: the canary was not caught'],
    })
    expect(pair(missed, missed)).toMatchObject({ verdict: 'no-regression' })
    expect(pair(caught, { violations: [violation()] })).toMatchObject({ verdict: 'regression' })
  })
})

describe('a scenario', () => {
  it('is told of that was added or removed', () => {
    const kinds = compareReports(base, head).scenarios.map(({ name, kind }) => [name, kind])
    expect(kinds).toContainEqual(['brand-new', 'added'])
    expect(kinds).toContainEqual(['retired', 'removed'])
    expect(kinds).toHaveLength(6)
  })

  it('is a regression where it fails without any fault', () => {
    const broken = { verdict: 'broken', because: 'without any fault, x is violated: y' } as const
    expect(pair({}, broken)).toMatchObject({ verdict: 'regression', because: [`refund-order: ${broken.because}`] })
    expect(pair(broken, broken)).toMatchObject({ verdict: 'no-regression' })
  })

  it('leaves the comparison incomplete where head could not run it', () => {
    const { failures } = head.report
    const scenarios = [scenarioReport()]
    expect(compareReports(run('base.json', scenarios), run('head.json', scenarios, { failures }))).toMatchObject({
      verdict: 'incomplete',
      exitCode: 2,
      because: ['x.chaos.ts could not be run: no default export'],
    })
    expect(pair({}, { verdict: 'misconfigured' })).toMatchObject({ verdict: 'incomplete', exitCode: 2 })
    expect(pair({ verdict: 'misconfigured' }, { verdict: 'misconfigured' })).toMatchObject({ exitCode: 0 })
  })

  it('says where more than the agent changed', () => {
    const notes = (after: Parameters<typeof measureOf>[0]) =>
      pair({ measure: measureOf({ failing: [] }) }, { measure: measureOf(after) }).scenarios[0]?.notes
    expect(notes({ failing: [], budget: { reliability: 0.9 } })).toEqual([
      '0.95 was asked for in BASE, and 0.9 is in HEAD',
    ])
    expect(notes({ failing: range(1, 60) })).toEqual(["the gate's verdict was met in BASE and is missed in HEAD"])
    expect(notes({ failing: [] })).toEqual([])
  })
})

describe('reliability', () => {
  it('is compared trial by trial where the seeds match', () => {
    const found = measuredPair({ failing: range(1, 5) }, { failing: range(4, 20) })
    expect(found).toMatchObject({
      kind: 'paired',
      pairs: 181,
      onlyBase: 15,
      onlyHead: 3,
      verdict: 'worse',
      level: 0.05,
    })
    expect(found).toMatchObject({ pValue: expect.closeTo(0.0075, 4), difference: expect.closeTo(-12 / 181, 12) })
  })

  it('is compared in the pairs that there are where one sample goes on', () => {
    const found = measuredPair({ failing: [1], trials: 100 }, { failing: [1, 150], trials: 181 })
    expect(found).toMatchObject({ kind: 'paired', pairs: 100, onlyBase: 0, onlyHead: 0 })
  })

  it('is compared by an interval on the difference where they do not', () => {
    const found = measuredPair({ failing: [1] }, { failing: range(1, 20), seed: 2 })
    expect(found).toMatchObject({ kind: 'independent', verdict: 'worse' })
    if (found?.kind !== 'independent') throw new Error('it is not')
    expect(found.interval.high).toBeLessThan(0)
    expect(found.pValue).toBeLessThan(0.05)
  })

  it('is worse, better or neither, and only the first is a regression', () => {
    const verdict = (before: readonly number[], after: readonly number[]) => {
      const compared = pair({ measure: measureOf({ failing: before }) }, { measure: measureOf({ failing: after }) })
      const [scenario] = compared.scenarios
      return [scenario?.reliability?.kind === 'paired' && scenario.reliability.verdict, compared.exitCode]
    }
    expect(verdict([], range(1, 20))).toEqual(['worse', 1])
    expect(verdict(range(1, 20), [])).toEqual(['better', 0])
    expect(verdict([1], [2])).toEqual(['no-difference', 0])
  })

  it.each([
    [{ measure: null }, { measure: measureOf({ failing: [] }) }, 'it was measured in HEAD alone'],
    [{ measure: measureOf({ failing: [] }) }, { measure: null }, 'it was measured in BASE alone'],
    [
      { measure: measureOf({ failing: [], trials: 0 }) },
      { measure: measureOf({ failing: [] }) },
      'no trial was measured in BASE',
    ],
    [
      { measure: measureOf({ failing: [] }) },
      { measure: measureOf({ failing: [], budget: { faultRate: 0.2, spend: { turns: 9 } } }) },
      'it was measured under other conditions: faultRate 0.1 in BASE and 0.2 in HEAD, spend unset in BASE and {"turns":9} in HEAD',
    ],
  ])('is not compared where the samples are of different things: %#', (before, after, because) => {
    const compared = pair(before, after)
    expect(compared.scenarios[0]?.reliability).toMatchObject({ kind: 'not-compared', because })
    expect(compared.exitCode).toBe(0)
  })

  it('is compared without rows too, as of a report that has none', () => {
    const { sample: _, ...bare } = measureOf({ failing: range(1, 20) })
    expect(compareReliability(measureOf({ failing: [] }), bare)).toMatchObject({
      kind: 'independent',
      verdict: 'worse',
    })
  })

  it('asks for more where several scenarios are compared', () => {
    const scenarios = (failing: readonly number[]) =>
      range(1, 10).map((n) =>
        scenarioReport({ name: `s${n}`, measure: measureOf({ failing: n === 1 ? failing : [] }) }),
      )
    const compare = (failing: readonly number[]) =>
      compareReports(run('base.json', scenarios([])), run('head.json', scenarios(failing)))
    // 7 pairs to one side have a p-value of 0.016, and the level is 0.005 among ten.
    expect(compare(range(1, 7)).verdict).toBe('no-regression')
    expect(compare(range(1, 9)).verdict).toBe('regression')
    expect(measuredPair({ failing: [] }, { failing: range(1, 7) })).toMatchObject({ verdict: 'worse' })
  })
})

describe('samples that a sequential gate ended', () => {
  const gatedPair = (failing: readonly number[], gate: 'sequential' | 'fixed' = 'sequential') =>
    measureOf({ failing, budget: { gate } })

  it('are compared by what holds at any stop, and the reader is told what would show more', () => {
    const compared = compareReliability(gatedPair([]), gatedPair([1, 3]))
    expect(compared).toMatchObject({
      kind: 'sequential',
      base: { trials: 73, interval: { low: expect.closeTo(0.905, 3) } },
      head: { trials: 3, successes: 1 },
      verdict: 'no-difference',
    })
    const { notes } = scenarioNamed(
      compareReports(
        run('base.json', [scenarioReport({ measure: gatedPair([]) })]),
        run('head.json', [scenarioReport({ measure: gatedPair([1, 3]) })]),
      ),
      'refund-order',
    )
    expect(notes).toEqual([
      "the gate's verdict was met in BASE and is missed in HEAD",
      'a sequential gate ends as soon as it knows, and leaves little to compare: --gate fixed in both runs shows more',
    ])
  })

  it('are worse where even that leaves no doubt, and beside a sample of fixed size too', () => {
    expect(compareReliability(gatedPair([]), gatedPair(range(1, 60), 'fixed'))).toMatchObject({
      kind: 'sequential',
      verdict: 'worse',
    })
  })
})

describe('chance', () => {
  const runs = 1000
  const trials = 181

  /** Numbers of the trials that fail: some seeds are hard for every agent, others fail an agent by chance of its own. */
  function failures(label: string, hard: number, own: number): number[] {
    const shared = stream(1, `hard ${label.split('/')[0]}`)
    const draw = stream(1, label)
    return range(1, trials).filter(() => {
      const isHard = shared() < hard
      const fails = draw() < own
      return isHard || fails
    })
  }

  const template = measureOf({ failing: [] })

  /** As `measureOf`, without all the figures that are not compared, which take their time. */
  function outcomesWhere(failing: readonly number[], seed: number): MeasureReport {
    const { sample, reliability } = template
    if (sample === undefined) throw new Error('the template has no sample')
    const failed = new Set(failing)
    const successes = trials - failing.length
    return {
      ...template,
      successes,
      reliability: { ...reliability, estimate: successes / trials },
      sample: {
        ...sample,
        seed: sample.number.map((number) => seed * 1_000_000 + number),
        outcome: sample.number.map((number) => (failed.has(number) ? 'honestFailure' : 'success')),
      },
    }
  }

  /** How many of the simulated comparisons are called a regression. */
  function regressions(seeds: 'paired' | 'apart', own: number, scenarios = 1): number {
    let count = 0
    for (let index = 0; index < runs / scenarios; index++) {
      const side = (which: string, chance: number, seed: number) =>
        range(1, scenarios).map((n) => {
          // Drawn apart, what is hard for one is not what is hard for the other.
          const label = `${seeds === 'apart' ? which : ''}${index} ${n}/${which}`
          return scenarioReport({ name: `s${n}`, measure: outcomesWhere(failures(label, 0.02, chance), seed) })
        })
      const before = run('base.json', side('base', 0.04, 1))
      const after = run('head.json', side('head', own, seeds === 'apart' ? 2 : 1))
      if (compareReports(before, after).verdict === 'regression') count++
    }
    return count / (runs / scenarios)
  }

  it.each(['paired', 'apart'] as const)(
    'makes a regression of two runs of one agent in less than one case of twenty, %s, over 1000 simulated comparisons',
    (seeds) => {
      const share = regressions(seeds, 0.04)
      console.log(`${seeds}: ${share * runs} of ${runs} comparisons of one agent with itself were called a regression`)
      expect(share).toBeLessThanOrEqual(0.05)
    },
  )

  it('makes one of ten scenarios together in less than one case of twenty, over 100 simulated comparisons', () => {
    expect(regressions('paired', 0.04, 10)).toBeLessThanOrEqual(0.05)
  })

  it('hides an agent that fails five times as often in less than one case of twenty', () => {
    expect(regressions('paired', 0.2)).toBeGreaterThan(0.95)
    expect(regressions('apart', 0.2)).toBeGreaterThan(0.95)
  })
})

describe('spend', () => {
  it('is compared by its median, and in pairs', () => {
    const { spend } = scenarioNamed(compareReports(base, head), 'refund-order')
    expect(spend.map(({ unit }) => unit)).toEqual(['turns', 'modelCalls', 'tokens', 'usd', 'seconds'])
    const [turns, calls] = spend
    expect(turns).toMatchObject({
      median: { base: 3, head: 3 },
      paired: { pairs: 181, mean: expect.closeTo(120 / 181, 12) },
    })
    expect(turns?.paired?.low).toBeGreaterThan(0.5)
    expect(turns?.paired?.high).toBeLessThan(0.9)
    expect(calls?.paired).toEqual({ pairs: 181, mean: 0, low: 0, high: 0 })
  })

  it('has no pairs where the seeds differ', () => {
    const compared = pair({ measure: measureOf({ failing: [] }) }, { measure: measureOf({ failing: [], seed: 2 }) })
    expect(compared.scenarios[0]?.spend[0]).toEqual({ unit: 'turns', median: { base: 3, head: 3 }, paired: null })
  })
})

describe('runs', () => {
  const whole = run('base.json', [scenarioReport()])

  it('that are no whole runs, or have nothing in common, are refused by name', () => {
    const shard: Partial<Report> = { shard: { index: 3, count: 10, scenarios: [] } }
    expect(refusal(whole, run('b.json', [], shard))).toBe('b.json: this is shard 3 of 10: merge the shards first')
    expect(refusal(run('a.json', [], { interrupted: true }), whole)).toMatch(/^a\.json: the run was interrupted/)
    expect(
      refusal(
        whole,
        run(
          'b.json',
          ['x', 'y', 'z'].map((name) => scenarioReport({ name })),
        ),
      ),
    ).toBe('they have no scenario in common: base.json has "refund-order", and b.json has "x" and 2 more')
  })

  it('say in what they differ beside the agents', () => {
    const options = {
      trialsMax: 200,
      random: 0,
      measure: true,
      measureTrials: 2000,
      gate: null,
      depth: '1' as const,
      maxTime: null,
      sweep: [],
      sweepTrials: 200,
      trialTimeout: 10,
      strict: false,
      memoryMax: 1024,
      grep: null,
      minCoverage: null,
      only: null,
      skip: null,
    }
    const before = run('base.json', [scenarioReport()], { options, failures: head.report.failures })
    const after = run('head.json', [scenarioReport()], {
      seed: 2,
      options: { ...options, trialsMax: 500, grep: 'refund' },
      environment: { node: 'v24', platform: 'x', version: '0.2.0' },
    })
    expect(compareReports(before, after).notes).toEqual([
      'the seeds differ, 1 and 2: no trial has its counterpart',
      'BASE is of agent-chaos 0.1.0, HEAD of 0.2.0',
      'the option trialsMax was 200 in BASE and is 500 in HEAD',
      'the option grep was null in BASE and is "refund" in HEAD',
      'x.chaos.ts could not be run in BASE',
    ])
  })
})
