/**
 * An agent that fails honestly is right while the world is broken. It is broken itself when it goes on failing in a world
 * that has healed. Listed where an agent does many things in a trial: only there is anything left to recover for.
 */

import type { Invariant } from '../contracts/invariant.js'
import { agentCallsOf, type Crossing, siteName, type Trace } from '../contracts/trace.js'
import { held, vacuous, violated } from '../contracts/verdict.js'
import { groupBy } from './reading/grouping.js'
import { isHealed } from './reading/healing.js'
import { taking, wholeAtLeast } from './reading/options.js'
import { failureOf } from './reading/outcomes.js'

/** What counts as going on failing. */
export interface RecoveryOptions {
  /** Different calls of one site that all fail after the last fault; 3. */
  readonly calls?: number
}

/** What worked before the faults works again once they are over. */
export const recoversOnceHealed = taking(
  'recoversOnceHealed',
  { calls: wholeAtLeast(1) },
  ({ calls: callsLeast = 3 }: RecoveryOptions = {}): Invariant => ({
    name: 'recovers-once-healed',
    kind: 'liveness',
    outcome: true,
    promise: 'What worked before the faults works again once they are over: not every later call of a site fails.',
    antecedent:
      `All faults ended, and none was for good. After that the agent made ${callsLeast} different calls or more of a ` +
      'site, which had worked before the first fault. A retry is no different call.',
    remedy: 'Try again what may pass for as long as the task may take, and close breakers once the service is well.',
    example:
      'The server forgot an idle session and answered 404. The client kept the dead session for ever, and each later ' +
      'task ended in an honest error until somebody restarted it.',
    exemptions: {
      'never-worked': 'The site had not worked before the first fault.',
      'not-healed': 'The faults had not ended when the agent answered, or one was for good.',
      misled: "A fault of the model's behaviour, or one that looks like success, took effect.",
      'goal-reached': 'The goal was reached all the same.',
    },
    check: (trace) => {
      const faults = trace.events.flatMap((event, index) => (event.kind === 'fault' ? [{ event, index }] : []))
      const [first] = faults
      if (!first) return vacuous('no fault took effect')
      if (faults.some(({ event }) => event.class === 'behavioural' || event.class === 'deceptive')) {
        return vacuous('a fault took effect that changes what is asked, or looks like success')
      }
      if (!isHealed(trace)) return vacuous('the faults had not ended when the agent did, or left it nothing to do')
      const sites = [...groupBy(agentCallsOf(trace), ({ call }) => siteName(call.site))]
      const tested = sites.filter(([, all]) => all.some((each) => isFine(each) && each.resultIndex < first.index))
      const later = tested
        .map(([site, all]) => ({ site, after: lastTries(all.filter(isAfter(trace))) }))
        .filter(({ after }) => after.length >= callsLeast)
      if (later.length === 0) return vacuous(`no site that had worked was called ${callsLeast} times after the faults`)
      const stuck = later.find(({ after }) => after.every((each) => failureOf(each) !== undefined))
      if (!stuck || trace.goal) return held
      return violated(
        stuck.site,
        `${stuck.site} had worked, all faults were over, and each of its ${stuck.after.length} later calls failed.`,
        [first.index, ...stuck.after.map(({ resultIndex }) => resultIndex)],
      )
    },
  }),
)

function isFine(crossing: Crossing): boolean {
  return crossing.result?.outcome.kind === 'ok' && failureOf(crossing) === undefined
}

/** Whether a call began when all was over that the plan had in store. */
function isAfter({ injections, events }: Trace): (crossing: Crossing) => boolean {
  const healedAt = Math.max(0, ...injections.map(({ endsAt }) => endsAt ?? 0))
  const last = events.findLastIndex(({ kind }) => kind === 'fault')
  const struck = events[last]
  const over =
    struck?.kind === 'fault' ? events.findIndex((e) => e.kind === 'return' && e.crossing === struck.crossing) : last
  return ({ call, callIndex, result }) =>
    callIndex > Math.max(last, over) && call.at >= healedAt && result !== undefined
}

/** One for each logical call: how its last attempt ended. */
function lastTries(crossings: readonly Crossing[]): Crossing[] {
  return [...groupBy(crossings, ({ call }) => String(call.occurrence)).values()].flatMap((tries) => tries.at(-1) ?? [])
}
