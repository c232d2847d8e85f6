/** Plans, records and executors made up for tests of the search, so that every trial's outcome is the test's to say. */
import { catalogue, describeFault, encodePlan, type Injection, type Plan } from 'agent-chaos/faults'
import { held, type Verdict } from 'agent-chaos/invariants'
import { encodeInjection } from '../../../faults/plan/notation.js'
import { isClosed } from '../../../faults/plan/plan.js'
import type { Executor, ScenarioFacts, TrialRecord, TrialSpec } from '../../../harness/contracts/executor.js'
import { digestOf, type Trace } from '../../../harness/contracts/trace.js'
import { TraceBuilder } from '../invariants/trace-builder.js'

/** One fault, once, at a tool of its own. */
export function point(tool: string, fault = 'tool/unavailable', occurrence = 1): Injection {
  return {
    sites: [{ boundary: 'tool', target: tool }],
    when: { kind: 'span', from: occurrence, to: occurrence, attempt: 1 },
    faults: [{ fault, params: {} }],
  }
}

export const points = (count: number): Plan => Array.from({ length: count }, (_, index) => point(`t${index}`))

export const toolsOf = (plan: Plan): string[] => plan.map(({ sites: [site] }) => site.target)

/** What one trial came to; by default every fault landed and every invariant held. */
export interface Outcome extends Partial<Omit<TrialRecord, 'judgements'>> {
  readonly verdicts?: Readonly<Record<string, Verdict>>
}

export function factsWith(given: Partial<ScenarioFacts> = {}): ScenarioFacts {
  return {
    name: 'made-up',
    declaredAt: null,
    task: 'none',
    canary: null,
    repairable: false,
    facesModel: false,
    isolate: false,
    tags: [],
    budget: {},
    pricesAsOf: { vendor: '2025-11-24' },
    faults: catalogue.filter(({ name }) => name === 'tool/unavailable').map(describeFault),
    invariants: [
      { name: 'by-default', kind: 'safety', listed: false },
      { name: 'listed', kind: 'safety', listed: true },
    ],
    ...given,
  }
}

/** A trace that reaches each of the tools once. */
export function reaching(...tools: string[]): Trace {
  const trace = new TraceBuilder()
  for (const tool of tools) trace.ok(trace.call(`tool:${tool}`))
  return trace.claim('success').build()
}

export function recordOf(
  { invariants }: ScenarioFacts,
  { plan, seed, detail }: TrialSpec,
  { verdicts = {}, ...given }: Outcome = {},
): TrialRecord {
  const trace = reaching('a', 'b')
  const injections =
    given.injections ??
    plan.map((injection) => ({
      text: encodeInjection(injection),
      faults: injection.faults.length,
      closed: isClosed(injection),
      status: 'landed' as const,
      endsAt: null,
    }))
  return {
    plan: encodePlan(plan),
    seed,
    end: trace.end,
    claim: 'success',
    goal: true,
    spend: trace.spend,
    crossings: 2,
    injections,
    landed: injections.filter(({ status }) => status === 'landed').length,
    struck: plan.map(({ sites: [{ boundary, target }], faults: [{ fault }] }) => ({
      site: `${boundary}:${target}`,
      fault,
    })),
    strays: [],
    judgements: invariants.map(({ name }) => ({ invariant: name, verdict: verdicts[name] ?? held })),
    evidence: detail === 'full' ? { trace, digest: digestOf(trace) } : null,
    ...given,
  }
}

/** Runs nothing: `outcome` says what comes of a plan; `plans` and `seeds` are what was asked, in order. */
export function fakeExecutor(
  facts: ScenarioFacts,
  outcome: (plan: string, times: number) => Outcome = () => ({}),
): Executor & { readonly plans: string[]; readonly seeds: number[] } {
  const plans: string[] = []
  const seeds: number[] = []
  return {
    facts,
    plans,
    seeds,
    async run(specs, { onTrial, signal } = {}) {
      return specs.map((spec, index) => {
        if (signal?.aborted) return undefined
        const text = encodePlan(spec.plan)
        plans.push(text)
        seeds.push(spec.seed)
        const record = recordOf(facts, spec, outcome(text, plans.filter((plan) => plan === text).length))
        onTrial?.(record, index)
        return record
      })
    },
  }
}
