/**
 * Violations in the order in which they are to be read: the gravest first, and below each what came of it. A pure function
 * of what was found, so that shards put together are told as one run is.
 */
import type { ViolationReport } from '../contracts/report/report.js'
import { findingKey } from './findings.js'
import { compareGravity, isBesideCauseAlone, mayCause } from './plainness.js'

/** Where a bug was only ever seen beside another that it may have come of, it follows that one. */
export function arrange(violations: readonly ViolationReport[]): ViolationReport[] {
  const inOrder = [...violations].sort(compare)
  const linked = inOrder.map((violation) => {
    const { follows: _, ...rest } = violation
    const cause = causeOf(violation, inOrder)
    return { ...rest, ...(cause && { follows: { invariant: cause.invariant, signature: cause.signature } }) }
  })
  const below = (cause: ViolationReport | undefined): ViolationReport[] =>
    linked
      .filter(
        ({ follows }) => (follows && findingKey(follows.invariant, follows.signature)) === (cause && keyOf(cause)),
      )
      .flatMap((violation) => [violation, ...below(violation)])
  return below(undefined)
}

function causeOf(violation: ViolationReport, all: readonly ViolationReport[]): ViolationReport | undefined {
  if (!isBesideCauseAlone(violation.shown)) return undefined
  const causes = all.filter(
    (other) =>
      other !== violation &&
      other.status !== 'flaky' &&
      violation.broke.some((one) => findingKey(one.invariant, one.signature) === keyOf(other)) &&
      mayCause({ ...other, ...other.shown }, { ...violation, ...violation.shown }),
  )
  return causes.find(({ shown }) => shown.tells === 'mistake') ?? causes[0]
}

function compare(left: ViolationReport, right: ViolationReport): number {
  return (
    compareGravity(left, right) ||
    left.shown.plainness - right.shown.plainness ||
    left.foundAfterTrials - right.foundAfterTrials ||
    // Of two that one trial showed, in the same order whichever shard ran it.
    (keyOf(left) < keyOf(right) ? -1 : 1)
  )
}

function keyOf({ invariant, signature }: ViolationReport): string {
  return findingKey(invariant, signature)
}
