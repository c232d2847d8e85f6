/**
 * When it is over, it is over: nothing is begun once the agent was called off or has answered. That nothing is begun while
 * a breaker is open is `breaker-trips`'s to judge.
 */

import { holdsChanges } from '../contracts/boundary.js'
import type { Invariant } from '../contracts/invariant.js'
import { type Crossing, crossingsOf, type Trace } from '../contracts/trace.js'
import { held, vacuous, violated } from '../contracts/verdict.js'
import { inOneAttempt } from './reading/attempts.js'
import { type ChangeRequest, changeRequestsOf } from './reading/change-requests.js'
import { rootOf } from './reading/flows.js'
import { taking, texts } from './reading/options.js'

/** Which changes may begin all the same. */
export interface StopOptions {
  /** Kinds of effects that may begin all the same: those that undo, or that clean up. */
  readonly except?: readonly string[]
}

/** No change in the world begins once the agent was called off, or has answered. */
export const noEffectAfterStop = taking(
  'noEffectAfterStop',
  { except: texts },
  ({ except = [] }: StopOptions = {}): Invariant => ({
    name: 'no-effect-after-stop',
    kind: 'safety',
    harm: true,
    promise:
      'No change in the world is begun once the agent was called off, or has answered' +
      `${except.length > 0 ? `, but ${except.join(', ')}` : ''}.`,
    antecedent: 'The agent asked for a change at some time, and was called off or answered.',
    remedy: 'Hand the abort signal to every tool and request, and look at it before each change.',
    example:
      'The user closed the window while the agent was reading. It read on, found what it had been looking for, and ' +
      'ordered it.',
    exemptions: {
      'in-flight': 'The change had been asked for by then, or a tool that makes it had been called.',
      'of-an-open-tool':
        'A tool or a request was open by then, or one that a fault leaves at work after its answer: of changes beside it nobody ' +
        'can tell whether they are in it.',
      'very-instant': 'Of the cancellation: what begins in its instant was decided before. Of the answer it was not.',
      refused: 'The service refused the change.',
      except: 'A kind in `except`: it undoes, or cleans up.',
      restart:
        'Of the answer: the agent crashed after it and was started again. That it was called off it is told again.',
    },
    check: (trace) => {
      const requests = changeRequestsOf(trace).filter(({ kind }) => !except.includes(kind))
      if (requests.length === 0) return vacuous('the agent asked for no change')
      const stops = stopsOf(trace)
      if (stops.length === 0) return vacuous('the agent was not called off, and did not answer')
      for (const stop of stops) {
        const begun = requests.find((request) => isBegunAfter(stop, request, trace))
        if (!begun) continue
        const ms = begun.crossing.call.at - stop.at
        return violated(
          `after-${stop.kind === 'cancel' ? 'cancel' : 'answer'}:${begun.kind}`,
          `The agent ${stop.kind === 'cancel' ? 'was called off' : 'answered'}, and ${ms} ms later it began ` +
            `"${begun.kind} ${begun.id}".`,
          [stop.index, begun.crossing.callIndex],
        )
      }
      return held
    },
  }),
)

interface Stop {
  readonly kind: 'cancel' | 'claim'
  readonly at: number
  readonly index: number
}

function stopsOf({ events }: Trace): Stop[] {
  return events.flatMap(({ kind, at }, index) => (kind === 'cancel' || kind === 'claim' ? [{ kind, at, index }] : []))
}

function isBegunAfter({ kind, at, index }: Stop, request: ChangeRequest, trace: Trace): boolean {
  const { crossing } = request
  if (crossing.callIndex < index || (kind === 'cancel' && crossing.call.at === at)) return false
  // A restarted agent knows nothing of an answer; that it was called off it is told again.
  if (kind === 'claim' && !inOneAttempt(trace, index, crossing.callIndex)) return false
  if (wasRefused(request, trace)) return false
  const all = crossingsOf(trace)
  if (rootOf(crossing, all).callIndex < index) return false
  return crossing.call.parent !== null || !all.some((other) => mayHold(other, crossing, index))
}

/** An entry in the ledger says so; what is judged by its call alone was asked for, whatever came of it. */
function wasRefused({ index }: ChangeRequest, { events }: Trace): boolean {
  const event = events[index]
  return event?.kind === 'effect' && event.status === 'refused'
}

/** Actions that leave a call at work when it has been answered. */
const outlive = new Set(['drop', 'late', 'repeat', 'partial'])

/** Whether the change may belong to a call from before the stop: which of several at work it is in is not recorded. */
function mayHold({ call, callIndex, faults, resultIndex, result }: Crossing, inner: Crossing, stop: number): boolean {
  if (call.parent !== null || callIndex > stop || !holdsChanges(call.site)) return false
  const isOpen = result === undefined || resultIndex > inner.callIndex
  return isOpen || faults.some(({ actions }) => actions.some((action) => outlive.has(action)))
}
