/** A plan from its text, for people: what is refused is told with its position and the nearest valid name. */
import type { FaultDescription } from '../../faults/fault.js'
import { decodePlan } from '../../faults/plan/notation.js'
import type { Plan } from '../../faults/plan/plan.js'
import { didYouMean, UserError } from './errors.js'

/** Throws a `UserError`. */
export function readPlan(text: string, faults: readonly FaultDescription[]): Plan {
  const decoded = decodePlan(text, faults)
  if (decoded.kind === 'plan') return decoded.plan
  const { message, line, column, got, candidates } = decoded.error
  throw new UserError(`${message}.${didYouMean(got, candidates)}`, `plan:${line}:${column}`)
}
