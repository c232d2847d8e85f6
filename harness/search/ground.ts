/** What the trial without faults shows of where an agent can be struck. Everything that is planned before a fault struck is planned from it. */
import type { FaultDescription } from '../../faults/fault.js'
import type { Reachable } from '../../faults/plan/reachable.js'
import type { ScenarioFacts, TrialRecord } from '../contracts/executor.js'
import { siteName, type Trace } from '../contracts/trace.js'

export interface Ground {
  readonly reachable: readonly Reachable[]
  readonly faults: readonly FaultDescription[]
  /** Groups of crossings that were under way at once, in the order in which they began. */
  readonly overlaps: readonly (readonly Reachable[])[]
  /** Lengths of the timers that the agent set, ascending. */
  readonly waits: readonly number[]
  /** When each crossing began, and when the agent answered, in virtual milliseconds. */
  readonly startsAt: ReadonlyMap<string, number>
  readonly answeredAt: number
  /** How many failures in a row the limits and breakers of the scenario's invariants count to, ascending. */
  readonly limits: readonly number[]
  readonly callsModel: boolean
}

export function groundOf({ evidence, waits = [], spend }: TrialRecord, { faults, invariants }: ScenarioFacts): Ground {
  const limits = invariants.flatMap(({ counts = [] }) => counts)
  const trace = evidence?.trace
  return {
    reachable: trace ? reachableIn(trace) : [],
    faults,
    overlaps: trace ? overlapsIn(trace) : [],
    waits,
    startsAt: new Map(trace?.events.flatMap((e) => (e.kind === 'call' ? [[nameOf(e), e.at] as const] : []))),
    answeredAt: trace?.events.findLast(({ kind }) => kind === 'claim')?.at ?? 0,
    limits: [...new Set(limits)].sort((left, right) => left - right),
    callsModel: spend.modelCalls > 0,
  }
}

/** What the search can aim at: each logical crossing of a trace once. */
export function reachableIn(trace: Trace): Reachable[] {
  const found = new Map<string, Reachable>()
  for (const event of trace.events) {
    if (event.kind !== 'call' || event.attempt > 1) continue
    found.set(nameOf(event), reachableOf(event))
  }
  return [...found.values()]
}

/** `tool:refund#2` */
export function nameOf({ site, occurrence }: Reachable['address']): string {
  return `${siteName(site)}#${occurrence}`
}

type Call = Extract<Trace['events'][number], { kind: 'call' }>

function reachableOf({ site, occurrence, attempt, traits }: Call): Reachable {
  return { address: { site, occurrence, attempt }, traits }
}

/** A crossing within another one is a part of it, and does not overlap it. */
function overlapsIn({ events }: Trace): Reachable[][] {
  const groups: Reachable[][] = []
  const open = new Set<number>()
  let group: Reachable[] = []
  for (const event of events) {
    if (event.kind === 'call' && event.parent === null) {
      group.push(reachableOf(event))
      open.add(event.crossing)
    }
    if (event.kind === 'return') open.delete(event.crossing)
    if (open.size > 0) continue
    if (group.length > 1) groups.push(group)
    group = []
  }
  return groups
}
