/** A property test for any runner: whatever plan fast-check draws, the scenario keeps its promises. */
import { AssertionError } from 'node:assert'
import type { Parameters as PropertyParameters, RunDetails } from 'fast-check'
import type { Plan } from '../../faults/plan/plan.js'
import { type Checks, checksOf } from '../contracts/checks.js'
import { didYouMean, isUserError, say, UserError } from '../contracts/errors.js'
import type { OptionsOf } from '../contracts/options/derived.js'
import { callSite } from '../contracts/place.js'
import type { Judgement } from '../contracts/verdict.js'
import { faultPlans } from './plans.js'
import { type AnyScenario, replayLineOf, type ScenarioFile, subjectOf } from './subject.js'
import { runTrial, type Trial } from './trial.js'

/** What `chaosTest` takes. */
export interface ChaosTestSettings extends OptionsOf<'faultPlans'> {
  /** What a trial is held to; all invariants of the scenario unless given. */
  readonly invariants?: readonly string[]
  /** Parameters of fast-check: `numRuns`, and `seed` with `path` to draw the same again. */
  readonly property?: PropertyParameters<[Plan]>
}

/** A further check of a trial whose faults landed; it throws where the trial is not as it should be. */
export type TrialCheck = (trial: Trial) => void | Promise<void>

/**
 * The body of a test, for any runner: `test('withstands hiccups', chaosTest(scenario, { property: { numRuns: 20 } }))`. Plans
 * are drawn and shrunk by fast-check. Plans that struck nothing prove nothing, and are drawn anew. It rejects with the story, the
 * plan, the remedy and how to replay them, of the smallest plan that was found.
 */
export function chaosTest(
  scenario: AnyScenario | ScenarioFile,
  settings: ChaosTestSettings = {},
  check: TrialCheck = () => {},
): () => Promise<void> {
  checkSettings(settings, check, callSite())
  return async () => {
    const { default: fc } = await import('fast-check')
    const { encodePlan } = await import('../../faults/plan/notation.js')
    const { invariants, property: parameters = {}, ...drawn } = settings
    const { seed = 1 } = drawn
    const linesOf = async (plan: string) => {
      const replay = (await replayLineOf(await subjectOf(scenario, 'chaosTest')))(seed, plan)
      return [`  plan: ${plan}`, `  replay: ${replay}`]
    }
    const plans = await faultPlans(scenario, drawn)
    const property = fc.asyncProperty(plans, async (plan) => {
      const trial = await runTrial(scenario, { plan, seed })
      const isStruck = trial.faults.some(({ status }) => status === 'landed')
      if (trial.faults.length > 0 && !isStruck) throw new fc.PreconditionFailure()
      const broken = brokenIn(trial, invariants)
      if (broken.length > 0) throw violationOf(broken, trial)
      await check(trial)
    })
    const details = await fc.check(property, parameters)
    if (!details.failed) return
    const [plan = []] = details.counterexample ?? []
    throw details.errorInstance
      ? failureOf(details, await linesOf(encodePlan(plan)))
      : new Error(`chaosTest: ${fc.defaultReportMessage(details)}`)
  }
}

function checkSettings(settings: unknown, check: unknown, where: string | undefined): void {
  const checks: Checks = checksOf('chaosTest', where)
  if (typeof settings !== 'object' || settings === null) {
    checks.refuse(`expected an object of options, got ${say(settings)}`)
  }
  const given = settings as { readonly [name: string]: unknown }
  checks.keys(given, ['invariants', 'property', 'seed', 'injectionsMax'], 'it')
  const { invariants, property } = given
  const areNames = Array.isArray(invariants) && invariants.every((name) => typeof name === 'string')
  checks.expect(invariants === undefined || areNames, 'invariants', 'a list of names', invariants)
  const isObject = typeof property === 'object' && property !== null
  checks.expect(property === undefined || isObject, 'property', 'parameters of fast-check', property)
  checks.expect(typeof check === 'function', 'the third argument', 'a function of a trial', check)
}

interface Broken {
  readonly invariant: string
  readonly verdict: Extract<Judgement['verdict'], { kind: 'violated' }>
}

function brokenIn({ judgements }: Trial, wanted: readonly string[] | undefined): readonly Broken[] {
  const names = judgements.map(({ invariant }) => invariant)
  const missing = wanted?.find((name) => !names.includes(name))
  if (missing !== undefined) {
    const known = `no invariant "${missing}" is on in this scenario (${names.join(', ')}).`
    throw new UserError(`chaosTest: ${known}${didYouMean(missing, names)}`)
  }
  return judgements.flatMap(({ invariant, verdict }) =>
    verdict.kind === 'violated' && (wanted?.includes(invariant) ?? true) ? [{ invariant, verdict }] : [],
  )
}

/** With what was expected and what came, which runners lay side by side. */
function violationOf(broken: readonly Broken[], { trace }: Trial): AssertionError {
  const stories = broken.map(({ invariant, verdict }) => {
    const { story, remedy } = verdict
    return `\n  ${invariant}: ${story}${remedy === undefined ? '' : `\n  remedy: ${remedy}`}`
  })
  const all = (kind: string) => Object.fromEntries(broken.map(({ invariant }) => [invariant, kind]))
  return new AssertionError({
    message: `scenario "${trace.scenario}"${stories.join('')}`,
    expected: all('held'),
    actual: all('violated'),
    operator: 'chaosTest',
  })
}

/** The error of the smallest plan, with these lines and what draws it again; a mistake of the user's is left as it is. */
function failureOf(
  { errorInstance: error, seed, counterexamplePath: path, numRuns, numShrinks }: RunDetails<[Plan]>,
  lines: readonly string[],
): unknown {
  if (!(error instanceof Error) || isUserError(error)) return error
  const again = `property: { seed: ${seed}, path: ${JSON.stringify(path)} } draws it again`
  const found = `  found in run ${numRuns} and shrunk ${numShrinks} times; ${again}`
  error.message = [error.message, ...lines, found].join('\n')
  return error
}
