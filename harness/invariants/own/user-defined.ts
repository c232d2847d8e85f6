/** An invariant of a user's own, made of a name and a function: what is promised of an agent is mostly the user's to say. */
import { type Checks, checksOf, isRecord } from '../../contracts/checks.js'
import { say, UserError } from '../../contracts/errors.js'
import type { Invariant } from '../../contracts/invariant.js'
import { callSite } from '../../contracts/place.js'
import type { Trace } from '../../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../../contracts/verdict.js'

/**
 * `true`: it held. `false`, or a sentence that tells what happened: it is violated. Nothing: it was not put to the test.
 * What throws is inconclusive; anything else, a promise above all, is the user's error.
 */
export type CheckResult = boolean | string | Verdict | undefined

/** Words for reports. By default they are made of the name. */
export interface InvariantWords {
  /** In a sentence; by default the name says it. */
  readonly promise?: string
  readonly antecedent?: string
  readonly example?: string
  /** What to change in an agent that breaks it, in one sentence. */
  readonly remedy?: string
}

/** Of which kind an invariant is, and words for reports. */
export interface InvariantOptions extends InvariantWords {
  /** `safety` (default): nothing bad ever happens. `liveness`: something good does, once the world has healed. */
  readonly kind?: Invariant['kind']
  /** A breach costs money or data, and is told before all others. */
  readonly harm?: true
}

/**
 * An invariant of your own. `check` must be pure: equal trace and state give the same answer, and neither is changed. Throws a
 * `UserError` for a name that is not in kebab-case, and for options of a wrong type.
 */
export function invariant<State = unknown>(
  name: string,
  check: (trace: Trace, state: State) => CheckResult,
  options: InvariantOptions = {},
): Invariant {
  checkName(name)
  const declaredAt = callSite()
  const checks = checksOf(`invariant "${name}"`, declaredAt)
  checks.expect(typeof check === 'function', 'check', 'a function of (trace, state)', check)
  checks.record('options', options, ['kind', 'harm', 'promise', 'antecedent', 'example', 'remedy'])
  checks.expect(options.harm === undefined || options.harm === true, 'harm', 'true', options.harm)
  checks.oneOf('kind', options.kind, ['safety', 'liveness'])
  for (const word of ['promise', 'antecedent', 'example', 'remedy'] as const) checks.text(word, options[word])
  return {
    name,
    kind: 'safety',
    promise: `Its check says that "${name}" holds.`,
    antecedent: 'The check had something to judge.',
    example: 'The check answered false, or with a sentence that tells what happened.',
    ...options,
    declaredAt,
    check: (trace, state) => verdictOf(name, check(trace, state as State), trace, checks),
  }
}

/** Names stand in plans, options and reports, where nothing must have to be quoted. */
export function checkName(name: string): void {
  if (typeof name === 'string' && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return
  throw new UserError(
    `an invariant's name is in kebab-case: expected small letters, digits and single hyphens, as in no-second-refund; ` +
      `got ${say(name)}`,
    callSite(),
  )
}

/** What a promise or any other value means nobody can say. Of a verdict it is asked later whether it is one. */
function verdictOf(name: string, result: CheckResult, { events }: Trace, checks: Checks): Verdict {
  const last = events.length - 1
  if (result === undefined) return vacuous('its check had nothing to judge')
  if (result === true) return held
  if (result === false) return violated('violated', `"${name}" does not hold.`, [last])
  // Two sentences may well tell of one bug: what differs from trial to trial must not part them.
  if (typeof result === 'string' && result.trim() !== '') return violated('violated', result, [last])
  const isVerdict = isRecord(result) && 'kind' in result
  checks.expect(isVerdict, 'its check', 'true, false, a sentence, a verdict or nothing, at once', result)
  const verdict = result as Verdict
  return verdict.kind === 'violated' && verdict.evidence?.length === 0 ? { ...verdict, evidence: [last] } : verdict
}
