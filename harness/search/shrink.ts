/**
 * Reduces a failing plan to the fewest injections that still fail in the same way. This is delta debugging (Zeller and
 * Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002). Then makes each of them as mild as it can be.
 */
import type { FaultDescription } from '../../faults/fault.js'
import { encodePlan } from '../../faults/plan/notation.js'
import type { Injection, Plan } from '../../faults/plan/plan.js'
import { milderPlans } from '../../faults/plan/weaken.js'

/** Whether a plan still shows the same violation. */
export type Fails = (plan: Plan) => Promise<boolean>

/** The most trials that one shrinking may take. */
const trialsMax = 300

export interface Shrunk {
  /** Fails too. */
  readonly plan: Plan
  /** Whether no plan with one step less does: one injection left out, or milder. False where the trials ran out before that was sure. */
  readonly isMinimal: boolean
  /** The injections that were left out. */
  readonly rest: Plan
}

/** `plan` must fail. */
export async function shrink(plan: Plan, faults: readonly FaultDescription[], fails: Fails): Promise<Shrunk> {
  const known = new Map<string, boolean>()
  const once: Fails = async (candidate) => {
    const text = encodePlan(candidate)
    const answer = known.get(text) ?? (known.size < trialsMax && (await fails(candidate)))
    known.set(text, answer)
    return answer
  }
  const kept = await reduce(plan, once)
  const smallest = await minimal(kept, faults, once)
  const rest = plan.filter((injection) => !kept.includes(injection))
  return { plan: smallest, isMinimal: known.size < trialsMax, rest }
}

/** A milder fault may make another needless, so both are done until neither changes anything. */
async function minimal(plan: Plan, faults: readonly FaultDescription[], fails: Fails): Promise<Plan> {
  const milder = await weaken(plan, faults, fails)
  return milder === plan ? plan : minimal(await reduce(milder, fails), faults, fails)
}

async function reduce(plan: Plan, fails: Fails): Promise<Plan> {
  let current = plan
  let parts = 2
  while (current.length > 1 && parts <= current.length) {
    const smaller = await firstFailing(splits(current, parts), fails)
    if (smaller) {
      // A failing part can be shorter than the number of parts, where a fault left out had masked one that is in it.
      parts = Math.max(Math.min(parts - 1, smaller.length), 2)
      current = smaller
    } else if (parts === current.length) {
      break
    } else {
      parts = Math.min(parts * 2, current.length)
    }
  }
  return current
}

/** The parts alone, then everything but each part. */
function splits(plan: Plan, parts: number): Plan[] {
  const size = Math.ceil(plan.length / parts)
  const subsets = Array.from({ length: parts }, (_, index) => plan.slice(index * size, (index + 1) * size))
  const complements = subsets.map((subset) => plan.filter((injection) => !subset.includes(injection)))
  return [...subsets, ...complements].filter((part) => part.length > 0 && part.length < plan.length)
}

async function weaken(plan: Plan, faults: readonly FaultDescription[], fails: Fails): Promise<Plan> {
  const candidates = plan.flatMap((injection, index) =>
    milderPlans(injection, faults).map((milder) => replaceAt(plan, index, milder)),
  )
  const milder = await firstFailing(candidates, fails)
  return milder ? weaken(milder, faults, fails) : plan
}

function replaceAt(plan: Plan, index: number, injection: Injection): Plan {
  return plan.map((other, position) => (position === index ? injection : other))
}

async function firstFailing(candidates: readonly Plan[], fails: Fails): Promise<Plan | undefined> {
  for (const candidate of candidates) if (await fails(candidate)) return candidate
  return undefined
}
