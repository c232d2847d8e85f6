/**
 * What outlives the answer. Timers are asked for by the trace's own event. Sockets, children and servers hold a trial
 * as they would hold a process, and are seen by its end.
 */

import type { Invariant } from '../contracts/invariant.js'
import type { EventOf, Trace } from '../contracts/trace.js'
import { held, type Verdict, vacuous, violated } from '../contracts/verdict.js'
import { atLeast, taking } from './reading/options.js'

/** How long what the agent left may go on. */
export interface LeftoverOptions {
  /**
   * Virtual milliseconds after the answer by which timers must be over; 10 000. The pauses that SDKs make between their
   * retries (8 s at most, by their own choice) cannot be ended from outside, and are nobody's leak.
   */
  readonly graceMs?: number
}

/**
 * When the agent has answered, nothing of it holds its process: no timer, socket or child. Intervals have no grace:
 * they do not end by themselves.
 */
export const nothingLeftRunning = taking(
  'nothingLeftRunning',
  { graceMs: atLeast(0) },
  ({ graceMs = 10_000 }: LeftoverOptions = {}): Invariant => ({
    name: 'nothing-left-running',
    kind: 'safety',
    promise:
      'When the agent has answered, nothing of it holds its process: no interval, no socket and no child, and no timer ' +
      `for longer than ${graceMs} ms.`,
    antecedent: 'The agent had called something and answered.',
    remedy: 'Clear timers, close streams and await background work before you answer.',
    example:
      'A deadline of ten minutes was set for every call and cleared where the call succeeded. One failed at once, the ' +
      'answer went out, and the job ran for ten minutes more, on the clock and on the bill.',
    exemptions: {
      grace: `A timer that is over within ${graceMs} ms. An interval has no grace.`,
      unreferenced: 'A timer that is unreferenced, as those of AbortSignal.timeout: it holds nothing.',
      'work-given-up':
        'A tool or a service is still at work for a caller that gave it up: whose timers these are cannot be told.',
    },
    check: (trace) => {
      const claim = trace.events.findIndex((event) => event.kind === 'claim')
      if (claim < 0) return vacuous('the agent never answered')
      const left = judgeTimers(trace, claim, graceMs) ?? judgeWork(trace, claim)
      if (left) return left
      return trace.events.some(({ kind }) => kind === 'call') ? held : vacuous('the agent called nothing')
    },
  }),
)

function judgeTimers({ events }: Trace, claim: number, graceMs: number): Verdict | undefined {
  const index = events.findIndex(
    (event) => event.kind === 'left-running' && (event.what === 'intervals' || event.longestMs > graceMs),
  )
  const event = events[index]
  if (event?.kind !== 'left-running') return undefined
  return violated(event.what, `The agent answered and left ${leftText(event)}.`, [claim, index])
}

function leftText({ what, count, longestMs }: EventOf<'left-running'>): string {
  if (what === 'intervals') return count === 1 ? 'an interval running' : `${count} intervals running`
  return count === 1 ? `a timer set for ${longestMs} ms more` : `${count} timers set, for ${longestMs} ms more at most`
}

/** Whatever it was kept the event loop from draining for as long as the watchdog waits. */
function judgeWork({ end, events }: Trace, claim: number): Verdict | undefined {
  if (end.kind !== 'stuck') return undefined
  const what = [...new Set(end.resources)].join(', ')
  return violated('work', `The agent answered and left real work running: ${what}.`, [claim, events.length - 1])
}
