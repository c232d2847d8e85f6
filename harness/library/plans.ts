/** Plans drawn for one scenario, for a project's own property tests. */
import type { Arbitrary } from 'fast-check'
import type { Plan } from '../../faults/plan/plan.js'
import { UserError } from '../contracts/errors.js'
import { modelNeverCalled } from '../contracts/landing.js'
import { type OptionsOf, settledOn } from '../contracts/options/derived.js'
import { checkOptions } from '../define/options.js'
import { type AnyScenario, type ScenarioFile, subjectOf, withExecutor } from './subject.js'

/** Plans of `faultPlans`: they aim at what a baseline reached, and nobody can have mistyped them. */
export const drawnPlans = new WeakSet<Plan>()

/**
 * A fast-check arbitrary of plans for the sites that the scenario's baseline reaches. It shrinks to fewer faults, then to
 * milder ones, and prints as text that `replay` takes. One of its faults can keep another from landing, and some take hold of
 * nothing: see `faults` of the trial. Rejects where the baseline does not work, or never calls the model whose faults the
 * scenario is to face.
 */
export async function faultPlans(
  scenario: AnyScenario | ScenarioFile,
  settings: OptionsOf<'faultPlans'> = {},
): Promise<Arbitrary<Plan>> {
  checkOptions('faultPlans', settings)
  const { seed, injectionsMax } = settledOn('faultPlans', settings)
  const subject = await subjectOf(scenario, 'faultPlans')
  const { default: fc } = await import('fast-check')
  const { planArbitrary } = await import('../../faults/plan/arbitrary.js')
  const { encodePlan } = await import('../../faults/plan/notation.js')
  const { reachableIn } = await import('../search/ground.js')
  const { runBaseline, baselineFailure } = await import('../search/baseline.js')
  const { baselineFacts } = await import('../../reports/reading/baseline.js')
  return withExecutor(subject, async (executor) => {
    const { name, declaredAt, facesModel, faults } = executor.facts
    const baseline = await runBaseline(executor, seed)
    if (baseline.kind !== 'sound') {
      const failure = baselineFailure(baseline.record)
      const facts = baselineFacts({ baselineFailure: failure, because: baseline.because }).map((fact) => `\n  ${fact}`)
      const where = failure.environment.where ?? declaredAt ?? undefined
      throw new UserError(`scenario "${name}": ${baseline.because}${facts.join('')}`, where)
    }
    const trace = baseline.record.evidence?.trace
    if (facesModel && baseline.record.spend.modelCalls === 0) {
      throw new UserError(`scenario "${name}": ${modelNeverCalled}`)
    }
    const plans = planArbitrary(trace ? reachableIn(trace) : [], faults, { injectionsMax })
    return plans.map((plan) => {
      drawnPlans.add(plan)
      if (!Object.hasOwn(plan, fc.toStringMethod)) {
        Object.defineProperty(plan, fc.toStringMethod, { value: () => JSON.stringify(encodePlan(plan)) })
      }
      return plan
    })
  })
}
