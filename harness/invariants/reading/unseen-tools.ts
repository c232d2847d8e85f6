/**
 * Tools that an agent runs where nobody sees them: what it does then has no tie to what the model asked for, and what is
 * asked of tools cannot be judged.
 */
import { asksModel, runsTool } from '../../contracts/boundary.js'
import { asksOf } from '../../contracts/model-asks.js'
import { type Crossing, crossingsOf, type Trace } from '../../contracts/trace.js'

export const unseen = 'the agent runs its tools where they are not seen; pass them through `instrument`'

/** Why nothing was put to the test, with what to do where no tool was seen that the model asked for. */
export function becauseUnseen(because: string, trace: Trace): string {
  const crossings = crossingsOf(trace)
  const isAsked = crossings.some((each) => isAnswered(each) && asksOf(each).length > 0)
  return isAsked && !crossings.some(({ call }) => runsTool(call.site)) ? `${because}, and ${unseen}` : because
}

/** Whether the agent runs the tool unseen, as far as is known: it runs none that is seen, or was asked for this one in full. */
export function mayRunUnseen(tool: string, crossings: readonly Crossing[]): boolean {
  const runs = crossings.filter(({ call }) => runsTool(call.site))
  if (runs.some(({ call }) => call.site.target === tool)) return false
  return (
    runs.length === 0 || crossings.some((each) => isAnswered(each) && asksOf(each).some((ask) => ask.tool === tool))
  )
}

function isAnswered({ call, result }: Crossing): boolean {
  return asksModel(call.site) && result?.outcome.kind === 'ok'
}
