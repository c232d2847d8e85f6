/** What is told of a trial whose process is gone: what it had told by then, and how it ended. */
import { encodeInjection, encodePlan } from '../../../faults/plan/notation.js'
import { isClosed } from '../../../faults/plan/plan.js'
import { spendOf } from '../../contracts/budget.js'
import type { ConsoleOutput } from '../../contracts/console.js'
import type { ScenarioFacts, TrialRecord, TrialSpec } from '../../contracts/executor.js'
import { judge } from '../../contracts/invariant.js'
import { digestOf, type End, type KilledWhy, type Trace, type TraceEvent } from '../../contracts/trace.js'
import { type Judgement, vacuous } from '../../contracts/verdict.js'
import { terminates } from '../../invariants/terminates.js'
import { faultsStruckIn } from '../record.js'

/** A trial whose process is gone. */
export interface Killed extends Pick<TrialSpec, 'plan' | 'seed'> {
  readonly why: KilledWhy
  /** What was recorded until then, where it told. */
  readonly events: readonly TraceEvent[]
  /** What was printed until then. */
  readonly console?: ConsoleOutput | undefined
}

/** Its record. Goal and claim are not known, so nothing but its end is judged. */
export function killedRecord(facts: ScenarioFacts, { plan, seed, why, events: before, console }: Killed): TrialRecord {
  const end: End = { kind: 'killed', why }
  const events: TraceEvent[] = [...before, { at: before.at(-1)?.at ?? 0, kind: 'end', end }]
  const landed = events.filter((event) => event.kind === 'fault')
  const struck = new Set(landed.map(({ injection }) => injection))
  const trace: Trace = {
    scenario: facts.name,
    seed,
    plan: encodePlan(plan),
    intents: null,
    injections: plan.map((injection, index) => ({
      text: encodeInjection(injection),
      faults: injection.faults.length,
      closed: isClosed(injection),
      status: struck.has(index) ? 'landed' : 'planned',
      endsAt: null,
    })),
    events,
    end,
    claim: null,
    goal: null,
    spend: spendOf(events, facts.budget.prices),
  }
  const judgements = facts.invariants.map(({ name }) => judgeKilled(name, trace))
  const { injections, events: _, scenario: __, intents: ___, ...rest } = trace
  return {
    ...rest,
    crossings: events.filter(({ kind }) => kind === 'call').length,
    landed: new Set(landed.map(({ crossing }) => crossing)).size,
    injections,
    struck: faultsStruckIn(trace),
    strays: [],
    judgements,
    evidence: { trace, digest: digestOf(trace), ...(console && { console }) },
  }
}

/** The one thing that can still be judged, whatever the scenario's other invariants would have said. */
function judgeKilled(name: string, trace: Trace): Judgement {
  const known = terminates()
  const [judgement] = name === known.name ? judge([known], trace, undefined) : []
  return judgement ?? { invariant: name, verdict: vacuous('the watchdog ended the trial') }
}
