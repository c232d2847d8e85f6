/** Where a fault can strike in a trial, for laws that hold every fault to its contract. */
import { catalogue, type Fault, type Plan } from 'agent-chaos/faults'
import { isWorseWith } from '../../../faults/fault.js'
import { eligible } from '../../../faults/plan/reachable.js'
import type { Site } from '../../../faults/site.js'
import type { Trace } from '../../../harness/contracts/trace.js'
import { reachableIn } from '../../../harness/search/ground.js'

/**
 * The fault once at each place where it fits, the last first: a looping model needs something to repeat. A companion means
 * something only beside what it makes worse: a fault of the tool `note`.
 */
export function plansFor(fault: Fault, baseline: Trace, isAimedAt: (site: Site) => boolean = () => true): Plan[] {
  const points = reachableIn(baseline).filter((point) => eligible(fault, point) && isAimedAt(point.address.site))
  return points.toReversed().map(({ address: { site, occurrence } }) => planAt(fault, site, occurrence))
}

export function planAt(fault: Fault, site: Site, occurrence: number): Plan {
  const single = {
    sites: [site],
    when: { kind: 'span', from: occurrence, to: occurrence, attempt: 1 },
    faults: [{ fault: fault.name, params: {} }],
  } as const
  if (!fault.companion) return [single]
  const lead = catalogue.find((other) => isWorseWith(other, fault) && other.boundaries.includes('tool'))
  if (!lead) throw new Error(`no fault of a tool is worse with ${fault.name}`)
  return [
    {
      sites: [{ boundary: 'tool', target: 'note' }],
      when: { kind: 'onward', from: 1 },
      faults: [{ fault: lead.name, params: {} }],
    },
    { ...single, when: { kind: 'onward', from: 1 } },
  ] as Plan
}
