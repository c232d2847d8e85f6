/** An invariant of a user's own, made of a name and a function: what is promised of an agent is mostly the user's to say. */
import { UserError } from '../../contracts/errors.js'
import type { Invariant } from '../../contracts/invariant.js'
import type { Trace } from '../../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../../contracts/verdict.js'

/**
 * `true`: it held. `false`, or a sentence that tells what happened: it is violated. Nothing: it was not put to the test.
 * What throws is inconclusive.
 */
export type CheckResult = boolean | string | Verdict | undefined

export interface InvariantWords {
  /** In a sentence; by default the name says it. */
  readonly promise?: string
  readonly antecedent?: string
  readonly example?: string
}

export interface InvariantOptions extends InvariantWords {
  /** `safety` (default): nothing bad ever happens. `liveness`: something good does, once the world has healed. */
  readonly kind?: Invariant['kind']
}

/**
 * `check` must be pure: the same trace and state give the same answer, and neither is changed. Throws a `UserError` for a
 * name that is not in kebab-case.
 */
export function invariant<State = unknown>(
  name: string,
  check: (trace: Trace, state: State) => CheckResult,
  options: InvariantOptions = {},
): Invariant {
  checkName(name)
  if (typeof check !== 'function') throw new UserError(`invariant "${name}": expected a function of (trace, state)`)
  return {
    name,
    kind: 'safety',
    promise: `Its check says that "${name}" holds.`,
    antecedent: 'The check had something to judge.',
    example: 'The check answered false, or with a sentence that tells what happened.',
    ...options,
    check: (trace, state) => verdictOf(name, check(trace, state as State), trace),
  }
}

/** Names stand in plans, options and reports, where nothing must have to be quoted. */
function checkName(name: string): void {
  if (typeof name === 'string' && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return
  throw new UserError(
    `an invariant's name is in kebab-case: expected small letters, digits and single hyphens, as in no-second-refund; ` +
      `got ${JSON.stringify(name)}`,
  )
}

function verdictOf(name: string, result: CheckResult, { events }: Trace): Verdict {
  const last = events.length - 1
  if (result === undefined) return vacuous('its check had nothing to judge')
  if (result === true) return held
  if (result === false) return violated('violated', `"${name}" does not hold.`, [last])
  // Two sentences may well tell of one bug: what differs from trial to trial must not part them.
  if (typeof result === 'string') return violated('violated', result, [last])
  if (!isVerdict(result)) {
    throw new TypeError('expected true, false, a sentence, a verdict or nothing, at once')
  }
  return result.kind === 'violated' && result.evidence.length === 0 ? { ...result, evidence: [last] } : result
}

const kinds: readonly unknown[] = ['held', 'vacuous', 'violated', 'inconclusive'] satisfies Verdict['kind'][]

/** Code without types gives what it likes, a promise above all. */
function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'object' && value !== null && kinds.includes(Reflect.get(value, 'kind'))
}
