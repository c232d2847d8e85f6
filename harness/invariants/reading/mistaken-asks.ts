/**
 * What the model asked for by mistake: another thing, or the same put so that a tool may take it for another. Nothing shows
 * it to an agent that has the task from the model alone. So it excuses what follows from that ask, and nothing else.
 */
import { asksModel } from '../../contracts/boundary.js'
import { asksOf, mayBe } from '../../contracts/model-asks.js'
import { type Crossing, crossingsOf, type Trace } from '../../contracts/trace.js'

export function isMistaken({ faults }: Crossing): boolean {
  return faults.some(({ mistaken }) => mistaken === true)
}

/** Whether the model asked for the call by mistake, and had not asked for it otherwise. */
export function isAskedByMistake(run: Crossing, trace: Trace): boolean {
  const askers = crossingsOf(trace).filter(
    (each) =>
      asksModel(each.call.site) &&
      each.resultIndex >= 0 &&
      each.resultIndex < run.callIndex &&
      asksOf(each).some((ask) => mayBe(run, ask)),
  )
  return askers.length > 0 && askers.every(isMistaken)
}
