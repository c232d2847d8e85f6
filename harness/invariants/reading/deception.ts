/**
 * What an agent had been told falsely when it answered. Apart, because a false answer excuses only what may follow from it:
 * what came before it does not, nor what the agent did when it had been told the truth.
 */
import { type Crossing, crossingsOf, type Trace } from '../../contracts/trace.js'
import { isMistaken } from './mistaken-asks.js'
import { isFalse } from './outcomes.js'
import { isSameRequest } from './repetition.js'

/**
 * Whether the agent had a false answer that came after the event `since`, and still had nothing better when it answered. It
 * had where the equal request was answered in truth later, with no change made in between. An answer with an instruction in
 * it is a true one. What the model asked for by mistake is as false as an answer that came of it.
 */
export function isDeceived(trace: Trace, since = -1): boolean {
  const answer = trace.events.findIndex((event) => event.kind === 'claim')
  const until = answer < 0 ? trace.events.length : answer
  const crossings = crossingsOf(trace)
  return crossings.some(
    (each) =>
      (isFalse(each) || isMistaken(each)) &&
      each.resultIndex > since &&
      each.resultIndex < until &&
      !crossings.some((later) => correctsInTime(later, each, until, trace)),
  )
}

function correctsInTime(later: Crossing, deceived: Crossing, until: number, { events }: Trace): boolean {
  const { callIndex, resultIndex, result, faults } = later
  const isTrue = result?.outcome.kind === 'ok' && faults.length === 0 && resultIndex < until
  if (!isTrue || callIndex < deceived.resultIndex || !isSameRequest(later, deceived)) return false
  return !events
    .slice(deceived.resultIndex, callIndex)
    .some((event) => event.kind === 'effect' && (event.status === 'applied' || event.status === 'partial'))
}
