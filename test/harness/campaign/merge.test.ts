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
import { type Report, reportSchema } from '../../../harness/report.js'
import type { Executor, ScenarioFacts, TrialRecord } from '../../../harness/run/executor.js'
import { inProcess } from '../../../harness/run/in-process.js'
import type { Scenario } from '../../../harness/scenario.js'
import { isOwn, type Shard } from '../../../harness/shard.js'
import { digestOf } from '../../../harness/trace.js'
import { json } from '../../../reports/index.js'
import careless from '../../../scenarios/canaries/no-idempotency-key.chaos.js'
import refund from '../../../scenarios/refund.chaos.js'
import { factsWith, type Outcome, point, reaching, recordOf } from '../explore/synthetic.js'
import { spending } from '../measure/samples.js'

const version = '1.2.3'

interface Run {
  readonly seed: number
  readonly trialsMax: number
  readonly randomPlans: number
  readonly measureTrialsMax: number
  readonly executors: () => readonly Executor[]
}

/** What the command does with the files of these scenarios, without its processes; read back from what it writes. */
async function reportOf({ executors, ...options }: Run, shard?: Shard): Promise<Report> {
  const results: FileResult[] = []
  for (const [index, executor] of executors().entries()) {
    const { name, canary } = executor.facts
    const file = `scenarios/${name}.chaos.ts`
    if (canary !== null && !isOwn(index + 1, shard)) {
      results.push({ kind: 'elsewhere', name, file })
      continue
    }
    const { signal } = new AbortController()
    const phases = { ...options, measure: true, shard, signal, onProgress: () => {} }
    const found = await bothPhases(executor, file, phases)
    results.push({ kind: 'scenario', report: { ...found, environment: { file }, timing: { wallMs: 1 } } })
  }
  const report = assemble(results, {
    seed: options.seed,
    options: {
      trialsMax: options.trialsMax,
      random: options.randomPlans,
      measure: true,
      measureTrials: options.measureTrialsMax,
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
    ...(is('strays', nature.killed) && { strays: [`https://${which('stray')}.example`] }),
    ...(is('killed', nature.killed) && { end: { kind: 'killed', why: 'died' }, claim: null }),
    spend: spending({ turns: 1 + which('turns'), usd: is('unpriced', nature.killed) ? null : 0.01 * which('usd') }),
    evidence: { trace, digest: digestOf(trace) },
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
        fc.tuple(nature, nature, nature),
        fc.integer({ min: 1, max: 11 }),
        fc.record({
          seed: fc.nat(1000),
          trialsMax: fc.constantFrom(2, 5, 200),
          randomPlans: fc.nat(20),
          measureTrialsMax: fc.constantFrom(10, 2000),
        }),
        fc.infiniteStream(fc.nat()),
        async ([one, two, three], count, options, order) => {
          const executors = () => [
            madeUp('one', one),
            madeUp('canary', two, { canary: 'listed', budget: {} }),
            madeUp('unmeasured', three, { budget: {} }),
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
    const run = { seed: 3, trialsMax: 10, randomPlans: 2, measureTrialsMax: 100, executors: () => [sound, found] }
    const whole = await reportOf(run)
    expect(whole.scenarios.map(({ measure }) => measure?.gate.verdict)).toEqual(['refused', expect.any(String)])
    expect(whole.scenarios[1]?.violations.map(({ phase }) => phase)).toContain('measure')
    expect(stable(mergeReports(await shardsOf(run, count), version))).toEqual(stable(whole))
  })
})
