/** Runs in whole and in shards as the command makes them, without its processes, of scenarios whose trials come to what is drawn. */
import { createHash } from 'node:crypto'
import { encodePlan } from 'agent-chaos/faults'
import { held, inconclusive, type Verdict, vacuous, violated } from 'agent-chaos/invariants'
import { assemble, type FileResult } from '../../../harness/campaign/assemble.js'
import type { ReportFile } from '../../../harness/campaign/read-report.js'
import { bothPhases } from '../../../harness/campaign/run.js'
import type { BreakerRemarks } from '../../../harness/contracts/breaker.js'
import type { Executor, ScenarioFacts, TrialRecord } from '../../../harness/contracts/executor.js'
import { type Report, reportSchema } from '../../../harness/contracts/report/report.js'
import { isOwn, type Shard } from '../../../harness/contracts/shard.js'
import { digestOf } from '../../../harness/contracts/trace.js'
import { json } from '../../../reports/index.js'
import { spending } from '../measure/samples.js'
import { factsWith, type Outcome, point, reaching, recordOf } from '../search/synthetic.js'

export const version = '1.2.3'
const sweepTrials = 12

export interface Run {
  readonly seed: number
  readonly trialsMax: number
  readonly random: number
  readonly measureTrials: number
  readonly sweep?: readonly number[]
  readonly executors: () => readonly Executor[]
}

/** What the command does with the files of these scenarios, without its processes; read back from what it writes. */
export async function reportOf({ executors, sweep = [], ...options }: Run, shard?: Shard): Promise<Report> {
  const results: FileResult[] = []
  for (const [index, executor] of executors().entries()) {
    const { name, canary } = executor.facts
    const file = `scenarios/${name}.chaos.ts`
    if (canary !== null && !isOwn(index + 1, shard)) {
      results.push({ kind: 'elsewhere', name, file })
      continue
    }
    const { signal } = new AbortController()
    const measuring = {
      measure: true,
      depth: '1',
      gate: 'fixed',
      gates: async () => 1,
      sweep,
      sweepTrials,
      strict: false,
    } as const
    const phases = { ...options, ...measuring, shard, signal, onProgress: () => {} }
    const found = await bothPhases(executor, file, phases)
    results.push({ kind: 'scenario', report: { ...found, environment: { file }, timing: { wallMs: 1 } } })
  }
  const report = assemble(results, {
    seed: options.seed,
    options: {
      trialsMax: options.trialsMax,
      random: options.random,
      maxTime: null,
      depth: '1',
      measure: true,
      measureTrials: options.measureTrials,
      gate: 'fixed',
      sweep: [...sweep],
      sweepTrials,
      trialTimeout: 10,
      memoryMax: 1024,
      strict: false,
      grep: null,
      minCoverage: null,
      only: null,
      skip: null,
    },
    shard,
    interrupted: false,
    environment: { node: 'v20', platform: 'test', version },
    timing: { startedAt: '2026-01-01T00:00:00.000Z', wallMs: 1 },
  })
  return reportSchema.parse(JSON.parse(json(report)))
}

export async function shardsOf(run: Run, count: number): Promise<ReportFile[]> {
  const files: ReportFile[] = []
  for (let index = 1; index <= count; index++) {
    files.push({ file: `${index}.json`, report: await reportOf(run, { index, count }) })
  }
  return files
}

/** A number in [0, 1) that depends on nothing but the text. */
function chance(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32
}

/** How often each thing that a trial can come to does, in [0, 1]. */
export interface Nature {
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
export function makeExecutor(name: string, nature: Nature, given: Partial<ScenarioFacts> = {}): Executor {
  const facts = factsWith({ name, budget: { reliability: 0.8, aim: 0.95, spend: { turns: 10 } }, ...given })
  return {
    facts,
    async run(specs, { onTrial, fresh = false } = {}) {
      return specs.map((spec, index) => {
        const plan = spec.profile ? drawRandom(spec.seed, nature) : spec.plan
        const identity = `${nature.salt} ${encodePlan(plan)} ${spec.seed}`
        const outcome = plan.length === 0 && !spec.profile ? {} : outcomeOf(identity, nature, fresh)
        const record = recordOf(facts, { ...spec, plan }, { spend: spending(), crossings: 5, ...outcome })
        const full = spec.detail === 'full' && outcome.evidence ? outcome.evidence : record.evidence
        const reported: TrialRecord = { ...record, evidence: full }
        onTrial?.(reported, index)
        return reported
      })
    },
  }
}

function drawRandom(seed: number, { salt }: Nature) {
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
