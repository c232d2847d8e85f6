/**
 * The plans of the systematic search: every fault that fits, at every occurrence that the baseline reached, for every
 * length of time; the lasting ones also with a model that insists, or no breaker would ever be asked to trip.
 */
import { eligible, type Reachable } from '../../faults/arbitrary.js'
import type { FaultDescription } from '../../faults/fault.js'
import { encodePlan } from '../../faults/notation.js'
import type { Injection, Plan, When } from '../../faults/plan.js'
import { siteName, type Trace } from '../trace.js'

const outageMs = 30_000

/** What the search can aim at: each logical crossing of a trace once. */
export function reachableIn(trace: Trace): Reachable[] {
  const found = new Map<string, Reachable>()
  for (const event of trace.events) {
    if (event.kind !== 'call' || event.attempt > 1) continue
    const { site, occurrence, attempt, traits } = event
    found.set(`${siteName(site)}#${occurrence}`, { address: { site, occurrence, attempt }, traits })
  }
  return [...found.values()]
}

/** Singles, mildest first: all faults once, then all faults for good, then outages, then with a model that insists. */
export function singles(reachable: readonly Reachable[], faults: readonly FaultDescription[]): Plan[] {
  const companions = faults.filter((fault) => fault.companion)
  const aimed = reachable.flatMap((point) =>
    faults.filter((fault) => !fault.companion && eligible(fault, point)).map((fault) => ({ point, fault })),
  )
  const lasting = (when: (from: number) => When) =>
    aimed.map(({ point, fault }) => injection(point, fault, when(point.address.occurrence)))
  const once = lasting((from) => ({ kind: 'span', from, to: from, attempt: 1 }))
  const onward = lasting((from) => ({ kind: 'onward', from }))
  const outages = lasting((from) => ({ kind: 'outage', from, ms: outageMs }))
  const insisted = [...onward, ...outages].filter(({ sites }) => sites[0].boundary !== 'model')
  return unique([
    ...[...once, ...onward, ...outages].map((single) => [single]),
    ...companions.flatMap((companion) => insisted.map((single) => [single, always(companion)])),
  ])
}

function injection({ address }: Reachable, fault: FaultDescription, when: When): Injection {
  const { boundary, target } = address.site
  return { sites: [{ boundary, target }], when, faults: [{ fault: fault.name, params: {} }] }
}

function always({ name, boundaries: [boundary = 'model'] }: FaultDescription): Injection {
  return {
    sites: [{ boundary, target: '*' }],
    when: { kind: 'onward', from: 1 },
    faults: [{ fault: name, params: {} }],
  }
}

function unique(plans: readonly Plan[]): Plan[] {
  return [...new Map(plans.map((plan) => [encodePlan(plan), plan])).values()]
}
