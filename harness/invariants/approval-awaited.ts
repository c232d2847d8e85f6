/**
 * What needs an answer first must not happen without one. A reply that is lost, or never comes, is no consent: code that
 * goes on after a timeout takes silence for a yes.
 */

import type { Invariant } from '../contracts/invariant.js'
import { type Crossing, crossingsOf, siteName, type Trace } from '../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { rootOf } from './reading/flows.js'
import { eachOf, functionOf, mandatory, type Rules, recordOf, taking, text } from './reading/options.js'
import { failureOf, isFalse } from './reading/outcomes.js'
import { type SitePattern, sitePattern } from './reading/site-pattern.js'
import { weightiest } from './reading/weightiest.js'

/** An answer that must have come. */
export interface Approval {
  /** Who is asked, as in plans: `tool:approve`. */
  readonly by: string
  /** Whether an answer is a yes; any that came and tells of no error, by default. */
  readonly grants?: (answer: unknown) => boolean
}

/** Which effects need which answer. */
export interface ApprovalOptions {
  /** By kind of effect, the site that must have answered: `{ refund: 'tool:approve' }`. */
  readonly approvals: Readonly<Record<string, string | Approval>>
}

const approval: Rules[string] = (checks, option, value) => {
  if (typeof value === 'string') return
  recordOf({ by: mandatory(text, 'a site'), grants: functionOf('an answer') })(checks, option, value)
}

/** No effect that needs an approval or a precondition is asked for before the answer came. Throws a `UserError` for no site. */
export const approvalAwaited = taking(
  'approvalAwaited',
  { approvals: mandatory(eachOf(approval), 'who approves each kind of effect, as in { refund: "tool:approve" }') },
  ({ approvals }: ApprovalOptions): Invariant => {
    const needs = Object.entries(approvals).map(([kind, by]) => needOf(kind, typeof by === 'string' ? { by } : by))
    return {
      name: 'approval-awaited',
      ...(needs.length === 0 && { idle: 'no kind of effect needs an approval' }),
      kind: 'safety',
      harm: true,
      promise: 'No effect that needs an approval, or a precondition, is asked for before the answer to it came.',
      antecedent:
        'An effect of such a kind took effect. An answer counts that came at any time before the agent asked for the ' +
        'effect. One that was lost, late, or told of an error does not. Whether it is about the same thing is not asked.',
      remedy: 'Let a change wait for a yes; take no answer, an error and a timeout for a no.',
      example:
        'The approval tool hung. After thirty seconds the wait was over, the code went on, and the refund that nobody ' +
        'had approved was booked.',
      exemptions: {
        'before-restart': 'An answer counts that came before the agent was started again.',
        deceived: 'What looked like an answer was none: a fault had made it up.',
        'asked-within': 'A tool asks by itself, before it makes the change.',
      },
      check: (trace) => {
        if (needs.length === 0) return vacuous('no kind of effect needs an approval')
        const verdicts = needs.flatMap((need) => judgeKind(trace, need))
        return weightiest(verdicts, verdicts[0] ?? vacuous('nothing that needs an approval took effect'))
      },
    }
  },
)

interface Need {
  readonly kind: string
  readonly by: string
  readonly asks: SitePattern
  readonly grants: (answer: unknown) => boolean
}

function needOf(kind: string, { by, grants = () => true }: Approval): Need {
  return { kind, by, asks: sitePattern(by), grants }
}

function judgeKind(trace: Trace, { kind, by, asks, grants }: Need): Verdict[] {
  const crossings = crossingsOf(trace)
  const asked = crossings.filter(({ call }) => asks(call.site))
  const answers = asked.filter((each) => {
    const outcome = each.result?.outcome
    return isFalse(each) || (outcome?.kind === 'ok' && !failureOf(each) && grants(outcome.output) === true)
  })
  return trace.events.flatMap((event, index) => {
    if (event.kind !== 'effect' || event.effect.kind !== kind) return []
    if (event.status !== 'applied' && event.status !== 'partial') return []
    const made = crossings[event.crossing]
    const root = made && rootOf(made, crossings)
    const from = root?.callIndex ?? index
    // A tool may ask for the answer itself before it makes the change.
    const isInTime = (answer: Crossing) =>
      answer.resultIndex < (rootOf(answer, crossings) === root && made ? made.callIndex : from)
    if (answers.some(isInTime)) return [held]
    const last = asked.findLast(({ callIndex }) => callIndex < (made?.callIndex ?? index))
    const how = last ? `${siteName(last.call.site)} had given no such answer` : `${by} had not been asked`
    return [
      violated(`unanswered:${kind}`, `"${kind} ${event.effect.id}" took effect, and ${how}.`, [
        ...(last ? [last.callIndex] : []),
        index,
      ]),
    ]
  })
}
