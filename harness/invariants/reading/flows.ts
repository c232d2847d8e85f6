/**
 * What goes on at the same time in an agent. A completion stands in the trace a few microtasks before the agent's code
 * learns of it. So of several flows one may still act within that instant, and oracles must not take it for a breach.
 */
import type { Crossing } from '../../contracts/trace.js'

/** The crossing that the agent itself made, inside which this one happens; itself where that is so. */
export function rootOf(crossing: Crossing, all: readonly Crossing[]): Crossing {
  const { parent } = crossing.call
  const outer = parent === null ? undefined : all.find(({ call }) => call.crossing === parent)
  return outer ? rootOf(outer, all) : crossing
}

/** How many other calls of the agent's own ran beside the crossing, and were under way at its end or ended in that instant. */
export function othersUnderWay(ended: Crossing, all: readonly Crossing[]): number {
  const { result, resultIndex } = ended
  if (!result) return 0
  const own = rootOf(ended, all)
  return all.filter(
    (other) =>
      other !== own &&
      other.call.parent === null &&
      other.callIndex < resultIndex &&
      (other.result === undefined || (other.resultIndex > own.callIndex && other.result.at >= result.at)),
  ).length
}

/** Nobody gives a call up sooner than this. */
const patienceLeastMs = 1_000

/** Whether it took so long that the agent may have stopped waiting, and taken it for failed, before it ended. */
export function mayBeGivenUp({ call, result }: Crossing): boolean {
  return result === undefined || result.at - call.at >= patienceLeastMs
}

/** From when on, in virtual milliseconds, the agent may have waited for the call no longer. */
export function givenUpFrom({ call }: Crossing): number {
  return call.at + patienceLeastMs
}

/** Whether the agent did or learnt something else of its own when it may have waited for the call no longer. */
export function hasGoneOnBeside(crossing: Crossing, all: readonly Crossing[]): boolean {
  const own = rootOf(crossing, all)
  const [from, to] = [givenUpFrom(crossing), crossing.result?.at ?? Number.POSITIVE_INFINITY]
  const isMeanwhile = (at: number | undefined) => at !== undefined && at >= from && at < to
  return all.some(
    (other) =>
      other !== own && other.call.parent === null && (isMeanwhile(other.call.at) || isMeanwhile(other.result?.at)),
  )
}
