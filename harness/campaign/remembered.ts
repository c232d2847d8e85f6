/**
 * Failures that were found before, by their minimal plans: tried first the next time. They stand in a file that is committed, by
 * scenario and invariant and never by source text, so that they outlive whatever is rewritten. What passes now, or cannot happen
 * any more, is retired and not deleted: a mistake comes back most easily where it was.
 */
import { z } from 'zod'
import type { FaultDescription } from '../../faults/fault.js'
import { decodePlan, encodePlan } from '../../faults/plan/notation.js'
import type { Executor, TrialRecord } from '../contracts/executor.js'
import type { Remembered, Report, ScenarioReport } from '../contracts/report/report.js'
import type { PlannedTrial } from '../search/trials.js'
import { readKept } from './kept-file.js'

export const failureSchema = z.object({
  scenario: z.string(),
  invariant: z.string(),
  signature: z.string(),
  plan: z.string(),
  seed: z.int().nonnegative(),
  retired: z.enum(['passes', 'unreachable']).exactOptional(),
})

const schema = z.object({
  format: z.literal('agent-chaos/failures'),
  version: z.literal(1),
  failures: z.array(failureSchema),
})

export type RememberedFailure = z.infer<typeof failureSchema>

/** Nothing where there is no such file. Throws a `UserError` for what is another. */
export function readFailures(path: string, shown: string): RememberedFailure[] | undefined {
  return readKept(path, shown, schema, 'a file of failures')?.failures
}

/** The failures of one scenario, and what the trials of a search say of them. */
export class FailureMemory {
  readonly #failures: readonly RememberedFailure[]
  readonly #planned = new Map<RememberedFailure, PlannedTrial>()
  /** Why a plan cannot be read, by its text: it was altered, or the scenario does not face its fault any more. */
  readonly #refusals = new Map<string, string>()
  readonly #records = new Map<string, TrialRecord>()

  /** Those that are not retired come first. */
  constructor(all: readonly RememberedFailure[], scenario: string, faults: readonly FaultDescription[]) {
    const own = all.filter((one) => one.scenario === scenario)
    this.#failures = [...own.filter(({ retired }) => !retired), ...own.filter(({ retired }) => retired)]
    for (const failure of this.#failures) {
      const decoded = decodePlan(failure.plan, faults)
      if (decoded.kind === 'plan') this.#planned.set(failure, { plan: decoded.plan, seed: failure.seed })
      else this.#refusals.set(failure.plan, decoded.error.message)
    }
  }

  /** The trials to run first. */
  get trials(): PlannedTrial[] {
    return [...this.#planned.values()]
  }

  /** The executor, looked at: of each remembered trial the first record is kept. */
  watching(executor: Executor): Executor {
    if (this.#failures.length === 0) return executor
    const keys = new Set(this.trials.map(keyOf))
    return {
      facts: executor.facts,
      run: async (specs, options) => {
        const records = await executor.run(specs, options)
        for (const [index, spec] of specs.entries()) {
          const [key, record] = [keyOf(spec), records[index]]
          if (record && keys.has(key) && !this.#records.has(key)) this.#records.set(key, record)
        }
        return records
      },
    }
  }

  /** What became of each failure. */
  outcomes(): Remembered[] {
    return this.#failures.map((failure) => {
      const { invariant, signature, plan, seed, retired } = failure
      const outcome = this.#outcomeOf(failure)
      return { invariant, signature, plan, seed, ...(retired && { retired: true as const }), outcome }
    })
  }

  /** A note for each that is about to be retired; one that was retired before is told of no more. */
  notesOn(remembered: readonly Remembered[]): string[] {
    return remembered.flatMap(({ invariant, plan, outcome, retired }) => {
      if (retired || (outcome !== 'passes' && outcome !== 'unreachable')) return []
      const what = outcome === 'passes' ? 'passes now' : 'is no longer reachable'
      const refusal = this.#refusals.get(plan)
      const why = refusal === undefined ? '' : ` (the plan cannot be read: ${refusal})`
      return [`a failure that was remembered ${what}: ${invariant} under ${plan}${why}`]
    })
  }

  #outcomeOf(failure: RememberedFailure): Remembered['outcome'] {
    const planned = this.#planned.get(failure)
    if (!planned) return 'unreachable'
    const record = this.#records.get(keyOf(planned))
    if (!record) return 'not-run'
    const isViolated = record.judgements.some(
      ({ invariant, verdict }) => invariant === failure.invariant && verdict.kind === 'violated',
    )
    if (isViolated) return 'fails'
    return record.injections.some(({ status }) => status === 'planned') ? 'unreachable' : 'passes'
  }
}

function keyOf({ plan, seed }: PlannedTrial): string {
  return `${seed} ${encodePlan(plan)}`
}

/** The text of the file after a run. */
export function failuresText({ scenarios }: Pick<Report, 'scenarios'>, before: readonly RememberedFailure[]): string {
  const looked = scenarios.filter(({ canary }) => canary === null)
  const known = before.map((failure) => {
    const scenario = looked.find(({ name }) => name === failure.scenario)
    return scenario ? update(failure, scenario) : failure
  })
  const found = looked.flatMap(foundIn).filter((one) => !known.some((other) => !other.retired && isOneBug(one, other)))
  const all = new Map([...known, ...found].map((failure) => [textOfKey(failure), failure]))
  const failures = [...all].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, failure]) => failure)
  return `${JSON.stringify({ format: 'agent-chaos/failures', version: 1, failures }, null, 2)}\n`
}

function update(failure: RememberedFailure, { remembered = [] }: ScenarioReport): RememberedFailure {
  const { retired, ...open } = failure
  const outcome = remembered.find(
    ({ plan, seed, invariant }) => plan === failure.plan && seed === failure.seed && invariant === failure.invariant,
  )?.outcome
  if (outcome === 'fails') return open
  return outcome === 'passes' || outcome === 'unreachable' ? { ...open, retired: outcome } : failure
}

function foundIn({ name, violations }: ScenarioReport): RememberedFailure[] {
  return violations
    .filter(({ status }) => status === 'confirmed')
    .map(({ invariant, signature, trial: { plan, seed } }) => ({ scenario: name, invariant, signature, plan, seed }))
}

function isOneBug(one: RememberedFailure, other: RememberedFailure): boolean {
  return one.scenario === other.scenario && one.invariant === other.invariant && one.signature === other.signature
}

function textOfKey({ scenario, invariant, signature, plan, seed }: RememberedFailure): string {
  return JSON.stringify([scenario, invariant, signature, plan, seed])
}
