/** Proves that shards which were run apart add up to the report of the whole run, and that nothing else is merged. */
import { createHash } from 'node:crypto'
import { encodePlan } from 'agent-chaos/faults'
import { held, inconclusive, type Verdict, vacuous, violated } from 'agent-chaos/invariants'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assemble, type FileResult } from '../../../harness/campaign/assemble.js'
import { mergeReports } from '../../../harness/campaign/merge.js'
import type { ReportFile } from '../../../harness/campaign/read-report.js'
import { bothPhases } from '../../../harness/campaign/run.js'
import type { BreakerRemarks } from '../../../harness/contracts/breaker.js'
import type { UserError } from '../../../harness/contracts/errors.js'
import type { Executor, ScenarioFacts, TrialRecord } from '../../../harness/contracts/executor.js'
import { type Report, reportSchema } from '../../../harness/contracts/report/report.js'
import type { Scenario } from '../../../harness/contracts/scenario.js'
import { isOwn, ownShare, type Shard } from '../../../harness/contracts/shard.js'
import { digestOf } from '../../../harness/contracts/trace.js'
import { inProcess } from '../../../harness/executors/in-process/executor.js'
import { json } from '../../../reports/index.js'
import careless from '../../../scenarios/canaries/no-idempotency-key.chaos.js'
import refund from '../../../scenarios/refund.chaos.js'
import { spending } from '../../support/measure/samples.js'
import { factsWith, type Outcome, point, reaching, recordOf } from '../../support/search/synthetic.js'

const version = '1.2.3'
const sweepTrials = 12

interface Run {
  readonly seed: number
  readonly trialsMax: number
  readonly random: number
  readonly measureTrials: number
  readonly sweep?: readonly number[]
  readonly executors: () => readonly Executor[]
}

/** What the command does with the files of these scenarios, without its processes; read back from what it writes. */
async function reportOf({ executors, sweep = [], ...options }: Run, shard?: Shard): Promise<Report> {
  const results: FileResult[] = []
  for (const [index, executor] of executors().entries()) {
    const { name, canary } = executor.facts
    const file = `scenarios/${name}.chaos.ts`
    if (canary !== null && !isOwn(index + 1, shard)) {
      results.push({ kind: 'elsewhere', name, file })
      continue
    }
    const { signal } = new AbortController()
    const measuring = { measure: true, gate: 'fixed', gates: async () => 1, sweep, sweepTrials } as const
    const phases = { ...options, ...measuring, shard, signal, onProgress: () => {} }
    const found = await bothPhases(executor, file, phases)
    results.push({ kind: 'scenario', report: { ...found, environment: { file }, timing: { wallMs: 1 } } })
  }
  const report = assemble(results, {
    seed: options.seed,
    options: {
      trialsMax: options.trialsMax,
      random: options.random,
      measure: true,
      measureTrials: options.measureTrials,
      gate: 'fixed',
      sweep: [...sweep],
      sweepTrials,
      trialTimeout: 10,
      memoryMax: 1024,
      grep: null,
    },
    shard,
    interrupted: false,
    environment: { node: 'v20', platform: 'test', version },
    timing: { startedAt: '2026-01-01T00:00:00.000Z', wallMs: 1 },
  })
  return reportSchema.parse(JSON.parse(json(report)))
}

async function shardsOf(run: Run, count: number): Promise<ReportFile[]> {
  const files: ReportFile[] = []
  for (let index = 1; index <= count; index++) {
    files.push({ file: `${index}.json`, report: await reportOf(run, { index, count }) })
  }
  return files
}

/** Without what may differ from run to run. */
function stable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'timing' && key !== 'environment')
      .map(([key, inner]) => [key, stable(inner)]),
  )
}

/** A number in [0, 1) that depends on nothing but the text. */
function chance(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32
}

/** How often each thing that a trial can come to does, in [0, 1]. */
interface Nature {
  readonly salt: number
  readonly violating: number
  readonly inconclusive: number
  readonly vacuous: number
  readonly failing: number
  readonly landing: number
  readonly leaking: number
  readonly killed: number
}

/** A scenario in which what comes of a trial is drawn from its plan and seed, and is always the same for them. */
function madeUp(name: string, nature: Nature, given: Partial<ScenarioFacts> = {}): Executor {
  const facts = factsWith({ name, budget: { reliability: 0.8, aim: 0.95, spend: { turns: 10 } }, ...given })
  return {
    facts,
    async run(specs, { onTrial, fresh = false } = {}) {
      return specs.map((spec) => {
        const plan = spec.profile ? drawn(spec.seed, nature) : spec.plan
        const identity = `${nature.salt} ${encodePlan(plan)} ${spec.seed}`
        const outcome = plan.length === 0 && !spec.profile ? {} : outcomeOf(identity, nature, fresh)
        const record = recordOf(facts, { ...spec, plan }, { spend: spending(), crossings: 5, ...outcome })
        const full = spec.detail === 'full' && outcome.evidence ? outcome.evidence : record.evidence
        const told: TrialRecord = { ...record, evidence: full }
        onTrial?.(told)
        return told
      })
    },
  }
}

function drawn(seed: number, { salt }: Nature) {
  return ['a', 'b', 'c'].filter((tool) => chance(`${salt} ${seed} ${tool}`) < 0.4).map((tool) => point(tool))
}

function outcomeOf(identity: string, nature: Nature, fresh: boolean): Outcome {
  const is = (what: string, share: number) => chance(`${identity} ${what}`) < share
  const which = (what: string) => Math.floor(chance(`${identity} which ${what}`) * 3)
  const verdict = (name: string): Verdict => {
    if (is(`${name} violated`, nature.violating)) return violated(`way ${which(name)}`, `It broke: ${identity}`, [0])
    if (is(`${name} inconclusive`, nature.inconclusive)) return inconclusive(`unclear: ${identity}`)
    return is(`${name} vacuous`, nature.vacuous) ? vacuous(`not called for: ${identity}`) : held
  }
  const trace = reaching('a', ...(fresh && is('leaks', nature.leaking) ? ['b', 'b'] : ['b']))
  return {
    verdicts: { listed: verdict('listed'), 'by-default': verdict('by-default') },
    ...(is('fails', nature.failing) && { claim: 'failure', goal: false }),
    ...(!is('lands', nature.landing) && { injections: [], struck: [] }),
    ...(is('strays', nature.killed) && {
      strays: [which('stray')].map((name) => ({ url: `https://${name}.example`, note: `of ${name}` })),
    }),
    ...(is('breaks', nature.killed) && { breakers: [remarks(which)] }),
    ...(is('killed', nature.killed) && { end: { kind: 'killed', why: 'died' }, claim: null }),
    spend: spending({ turns: 1 + which('turns'), usd: is('unpriced', nature.killed) ? null : 0.01 * which('usd') }),
    evidence: { trace, digest: digestOf(trace) },
  }
}

/** What a trial shows of one of several circuit breakers. */
function remarks(which: (what: string) => number): BreakerRemarks {
  return {
    site: `tool:${which('breaker')}`,
    triesAtMost: 1 + which('tries'),
    statusesCounted: [400 + which('status')],
    volume: { seen: which('volume'), needed: 2 },
  }
}

const share = fc.constantFrom(0, 0, 0, 0.02, 0.1, 0.5)

const nature: fc.Arbitrary<Nature> = fc.record({
  salt: fc.nat(),
  violating: share,
  inconclusive: share,
  vacuous: share,
  failing: share,
  landing: fc.constantFrom(1, 1, 0.5, 0),
  leaking: fc.constantFrom(0, 0, 0, 0.2),
  killed: share,
})

describe('shards that are merged', () => {
  it('are the whole run, whatever its trials come to and however many shards there are', async () => {
    const verdicts = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(nature, nature, nature, nature),
        fc.integer({ min: 1, max: 11 }),
        fc.record({
          seed: fc.nat(1000),
          trialsMax: fc.constantFrom(2, 5, 200),
          random: fc.nat(20),
          measureTrials: fc.constantFrom(10, 2000),
          sweep: fc.constantFrom([], [], [0.2, 0, 0.2]),
        }),
        fc.infiniteStream(fc.nat()),
        async ([one, two, three, four], count, options, order) => {
          const executors = () => [
            madeUp('one', one),
            madeUp('canary', two, { canary: 'listed', budget: {} }),
            madeUp('unmeasured', three, { budget: {} }),
            madeUp('another', four),
          ]
          const run = { ...options, executors }
          const whole = await reportOf(run)
          const shards = (await shardsOf(run, count)).sort(() => (order.next().value ?? 0) - (order.next().value ?? 0))
          expect(stable(mergeReports(shards, version))).toEqual(stable(whole))
          for (const { verdict, measure } of whole.scenarios) {
            for (const what of [verdict, `gate ${measure?.gate.verdict}`]) {
              verdicts.set(what, (verdicts.get(what) ?? 0) + 1)
            }
          }
        },
      ),
      { numRuns: 100, seed: 1 },
    )
    // Each way that a scenario can go was met, and more than once.
    const ways = [
      'passed',
      'violated',
      'inconclusive',
      'gate passed',
      'gate failed',
      'gate inconclusive',
      'gate refused',
    ]
    for (const way of ways) expect([way, verdicts.get(way) ?? 0]).toEqual([way, expect.toSatisfy((n) => n > 2)])
  })

  it.each([2, 3, 7])('are the whole run of real agents, in %i shards', async (count) => {
    const sound = inProcess(refund as unknown as Scenario)
    // What its search of ten trials does not come to, its measured trials do.
    const budget = { ...careless.budget, reliability: 0.5, aim: 0.7, faultRate: 0.3 }
    const found = inProcess({ ...(careless as unknown as Scenario), expect: null, budget })
    const run = { seed: 3, trialsMax: 10, random: 2, measureTrials: 100, executors: () => [sound, found] }
    const whole = await reportOf(run)
    expect(whole.scenarios.map(({ measure }) => measure?.gate.verdict)).toEqual(['refused', expect.any(String)])
    expect(whole.scenarios[1]?.violations.map(({ phase }) => phase)).toContain('measure')
    expect(stable(mergeReports(await shardsOf(run, count), version))).toEqual(stable(whole))
  })
})

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
    madeUp('one', calm),
    madeUp('canary', { ...calm, violating: 1 }, { canary: 'listed', budget: {} }),
    madeUp('two', calm),
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
    const located = () => {
      try {
        return mergeReports(shards, version)
      } catch (error) {
        const { name, message, where } = error as UserError
        throw new Error(`${name}: ${where === undefined ? '' : `${where}: `}${message}`)
      }
    }
    expect(located).toThrow(/^UserError: /)
    expect(located).toThrow(
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
    executors: () => [madeUp('one', failing)],
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
    expect([merged.exitCode, merged.scenarios[0]?.measure?.gate.verdict]).toEqual([1, 'failed'])
  })

  it('does not tell that a breaker never can open, which all of them together may know better', async () => {
    const seeing = (seen: number): Executor => {
      const one = madeUp('one', failing)
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
    const report = await reportOf({ ...run, executors: () => [madeUp('one', violating)] }, { index: 2, count: 3 })
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
