/** A whole search, inside another project's own tests. */
import { bears, errorBrand } from '../contracts/error-brand.js'
import { type OptionsOf, settledOn } from '../contracts/options/derived.js'
import type { ScenarioReport } from '../contracts/report/report.js'
import { checkOptions } from '../define/options.js'
import {
  type AnyScenario,
  replayLineOf,
  type ScenarioFile,
  subjectOf,
  type TrialSubject,
  withExecutor,
} from './subject.js'

/** What `assertResilient` takes. */
export type ResilienceSettings = OptionsOf<'assertResilient'>

/**
 * The scenario did not pass: `assertResilient` rejects with it. The message tells each violation, its minimal plan and how
 * to replay it. Recognise it by `isResilienceError` or by its `code`, never by `instanceof`.
 */
export class ResilienceError extends Error {
  override readonly name = 'ResilienceError'
  /** Always this text, in every version. */
  readonly code = 'AGENT_CHAOS_NOT_RESILIENT' as const
  /** What the search found: the verdict, violations, statistics. It has no wall-clock times, and paths only in places. */
  readonly report: Omit<ScenarioReport, 'environment' | 'timing'>
  constructor(message: string, report: Omit<ScenarioReport, 'environment' | 'timing'>) {
    super(message)
    this.report = report
  }
  /** Tells errors of this package from others, whichever copy of it made them. */
  get [errorBrand](): true {
    return true
  }
}

/** Whether this is a `ResilienceError`, also one that another copy of the package has made. Never throws. */
export function isResilienceError(error: unknown): error is ResilienceError {
  return bears(error, 'AGENT_CHAOS_NOT_RESILIENT')
}

/**
 * Searches for a violation: in this process, or in a worker process for a scenario that is named by its file. Resolves when none
 * was found and everything that the scenario lists was put to the test. Rejects with a `ResilienceError` otherwise, and with a
 * `UserError` for an option that is wrong.
 */
export async function assertResilient(
  scenario: AnyScenario | ScenarioFile,
  settings: ResilienceSettings = {},
): Promise<void> {
  checkOptions('assertResilient', settings)
  const { trialsMax, seed } = settledOn('assertResilient', settings)
  const subject = await subjectOf(scenario, 'assertResilient')
  const { search } = await import('../search/search.js')
  const { baselineFacts } = await import('../../reports/reading/baseline.js')
  const { codeLinesOf } = await import('../../reports/reading/code.js')
  const { fromHere } = await import('../campaign/from-here.js')
  const { withJudged } = await import('../campaign/judged-twice.js')
  const command = await replayLineOf(subject)
  await withExecutor(subject, async (executor) => {
    const searched = await search(executor, { seed, trialsMax, randomPlans: 'fill', command })
    const found = withJudged(searched, executor.judgedTwice?.())
    if (found.verdict === 'passed') return
    const report = fromHere(found, process.cwd())
    const lines = report.violations.map((violation) => {
      const { invariant, story, remedy, trial, environment } = violation
      const places = codeLinesOf(violation).map((place) => `\n  at: ${place}`)
      return (
        `\n\n  ${invariant}: ${story}${remedy === undefined ? '' : `\n  remedy: ${remedy}`}` +
        `\n  minimal plan: ${trial.plan}${places.join('')}\n  replay: ${environment.command}`
      )
    })
    const facts = [...baselineFacts(report), ...keyRemedy(report.because, subject)].map((fact) => `\n  ${fact}`)
    const { name } = executor.facts
    throw new ResilienceError(`scenario "${name}": ${report.because}${facts.join('')}${lines.join('')}`, report)
  })
}

/** Loaded before its trial, a client has asked for a key in vain; in a worker process it has one from the beginning. */
function keyRemedy(because: string, { kind }: TrialSubject): readonly string[] {
  const isKey = /the agent failed with .*\b(?:api[ _-]?key|authenticat\w+|credentials?)\b/i.test(because)
  if (kind !== 'here' || !isKey) return []
  return ['remedy: import agent-chaos/register before the module that makes the client, so that it finds a key']
}
