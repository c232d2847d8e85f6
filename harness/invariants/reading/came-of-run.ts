/**
 * What came of a tool call that was made from an ask of which only the beginning had come. Frameworks hand such a call to
 * the tool, and leave it to the tool to look at its input.
 */
import type { Json } from '../../../faults/json.js'
import { asksModel, runsTool } from '../../contracts/boundary.js'
import { isRecord } from '../../contracts/checks.js'
import { type Crossing, crossingsOf, type Trace } from '../../contracts/trace.js'
import { cutFieldsOf, fieldsSent, isOwnText } from './broken-asks.js'

/**
 * Whether the call came to nothing: nothing was done that can be seen, and the tool refused its input, or a fault struck the
 * call. What a fault kept from the tool, or lost of its answer, says nothing of what the tool would have made of that input.
 * A call that succeeded did nothing either where the tool's work is seen at other times: what was to be done was done before.
 */
export function cameToNothing(run: Crossing, trace: Trace): boolean {
  if (within(run, trace).length > 0) return false
  return run.result?.outcome.kind !== 'ok' || worksInSight(run, trace)
}

function worksInSight({ call: { site } }: Crossing, trace: Trace): boolean {
  return crossingsOf(trace).some(
    (other) => runsTool(other.call.site) && other.call.site.target === site.target && within(other, trace).length > 0,
  )
}

/**
 * Whether the agent has from elsewhere what was cut. In all that the call did each cut value is as the model meant it, or a
 * text of the agent's own.
 */
export function isSentFromElsewhere(run: Crossing, begun: string, meant: Json | undefined, trace: Trace): boolean {
  if (!isRecord(meant)) return false
  const cut = cutFieldsOf(begun, meant)
  const inner = within(run, trace)
  if (inner.length === 0 || cut.length === 0) return false
  return inner.every(({ call }) => {
    const sent = fieldsSent(call.request)
    return cut.every((field) => {
      const isMeant = JSON.stringify(sent[field]) === JSON.stringify(meant[field])
      return isMeant || isOwnText(sent[field], field, begun, meant[field] as Json | undefined)
    })
  })
}

/** All that began while it ran, for what runs side by side cannot be told apart. A crash ends it. */
function within(run: Crossing, trace: Trace): readonly Crossing[] {
  const crash = trace.events.findIndex(({ kind }, index) => kind === 'restart' && index > run.callIndex)
  const end = run.resultIndex < 0 ? crash : run.resultIndex
  const until = end < 0 ? Number.POSITIVE_INFINITY : end
  return crossingsOf(trace).filter(
    ({ call, callIndex }) => callIndex > run.callIndex && callIndex < until && !asksModel(call.site),
  )
}
