/** A plan from its text, for people: what is refused is reported with its position and the nearest valid name. */
import type { FaultDescription } from '../../faults/fault.js'
import { decodePlan } from '../../faults/plan/notation.js'
import type { Plan } from '../../faults/plan/plan.js'
import type { Site } from '../../faults/site.js'
import { didYouMean, UserError } from './errors.js'

/** Throws a `UserError`; where `sites` are given, also for a plan that aims at none of them. */
export function readPlan(text: string, faults: readonly FaultDescription[], sites?: readonly Site[]): Plan {
  const decoded = decodePlan(text, faults, sites)
  if (decoded.kind === 'plan') return decoded.plan
  const { message, line, column, got, candidates } = decoded.error
  throw new UserError(`${message}.${didYouMean(got, candidates)}`, `plan:${line}:${column}`)
}

/**
 * A plan that aims at what is not there is a slip of the pen: its trial neither met such a site nor was offered one, and
 * the trial without faults was not either. Rejects with a `UserError`. Where nothing at all was met, nothing is known. What
 * the agent may come to ask (`unasked`) is no slip, and nothing to suggest.
 */
export async function refuseMissingSites(
  text: string,
  faults: readonly FaultDescription[],
  met: readonly Site[],
  unasked: readonly Site[],
  baseline: () => Promise<readonly Site[]>,
): Promise<void> {
  const isThere = (sites: readonly Site[]) => decodePlan(text, faults, [...sites, ...unasked]).kind === 'plan'
  if (isThere(met)) return
  const sites = [...met, ...(await baseline())]
  if (sites.length > 0 && !isThere(sites)) readPlan(text, faults, sites)
}
