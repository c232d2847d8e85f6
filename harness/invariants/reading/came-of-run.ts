/**
 * What came of a tool call that was made from an ask of which only the beginning had come. Frameworks hand such a call to
 * the tool, and leave it to the tool to look at its input.
 */
import type { Json } from '../../../faults/json.js'
import { asksModel } from '../../contracts/boundary.js'
import { isRecord } from '../../contracts/checks.js'
import type { Crossing } from '../../contracts/trace.js'
import { cutFieldsOf, fieldsSent } from './broken-asks.js'

/**
 * Whether the call failed before anything had been done that can be seen: the tool refused its input, or a fault struck the
 * call. What a fault kept from the tool, or lost of its answer, says nothing of what the tool would have made of that input.
 */
export function isFailedUndone(run: Crossing, crossings: readonly Crossing[]): boolean {
  return run.result?.outcome.kind === 'failed' && within(run, crossings).length === 0
}

/**
 * Whether all that it did holds each cut value as the model meant it, so that the agent has it from elsewhere. Where no value
 * was cut, but what closes them, it holds all of them.
 */
export function isSentAsMeant(
  run: Crossing,
  begun: string,
  meant: Json | undefined,
  crossings: readonly Crossing[],
): boolean {
  if (!isRecord(meant)) return false
  const cut = cutFieldsOf(begun, meant)
  const fields = cut.length > 0 ? cut : Object.keys(meant)
  const inner = within(run, crossings)
  if (inner.length === 0 || fields.length === 0) return false
  return inner.every(({ call }) => {
    const sent = fieldsSent(call.request)
    return fields.every((field) => JSON.stringify(sent[field]) === JSON.stringify(meant[field]))
  })
}

/** All that began while it ran, for what runs side by side cannot be told apart. */
function within(run: Crossing, crossings: readonly Crossing[]): readonly Crossing[] {
  const until = run.resultIndex < 0 ? Number.POSITIVE_INFINITY : run.resultIndex
  return crossings.filter(
    ({ call, callIndex }) => callIndex > run.callIndex && callIndex < until && !asksModel(call.site),
  )
}
