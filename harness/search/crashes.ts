/**
 * Where the agent's process ends: before, in and after every crossing, twice, and at times between crossings. What is
 * durable must be enough whenever that is.
 */
import type { FaultDescription } from '../../faults/fault.js'
import type { Plan } from '../../faults/plan/plan.js'
import type { Reachable } from '../../faults/plan/reachable.js'
import { type Ground, nameOf } from './ground.js'
import { aimOnce, bySite, firstsOf, fitting, injection, isTimeLimit } from './singles.js'

/** Crossings whose every phase is tried: the first and last of each site come first. */
const pointsMost = 16
/** Shares of the time that is left from the first crossing to the answer. */
const shares = [0.25, 0.5, 0.75] as const

/** Again when it does the same again, at two crossings, and when nothing crosses. */
export function repeatedCrashes(ground: Ground): Plan[] {
  const firsts = firstsOf(ground.reachable)
  const crash = crashIn(ground)
  return [...firsts.flatMap((point) => twice(point, crash(point))), ...pairsOf(firsts, crash), ...inTime(ground)]
}

export function crashPhases(ground: Ground): Plan[] {
  const lasts = [...bySite(ground.reachable).values()].flatMap((points) =>
    points.length > 1 ? (points.at(-1) ?? []) : [],
  )
  const crash = crashIn(ground)
  return [...firstsOf(ground.reachable), ...lasts]
    .slice(0, pointsMost)
    .flatMap((point) => inEachPhase(point, crash(point)))
}

type CrashAt = (point: Reachable) => FaultDescription | undefined

function crashIn({ faults }: Ground): CrashAt {
  return (point) => fitting(point, faults).find(({ actions }) => actions.includes('crash'))
}

/** It crashes, and once more when it does the same again. */
function twice(point: Reachable, crash: FaultDescription | undefined): Plan[] {
  if (!crash) return []
  return [[injection(point, crash, { kind: 'series', from: point.address.occurrence, count: 2, every: 1 })]]
}

function pairsOf(points: readonly Reachable[], crash: CrashAt): Plan[] {
  return points.flatMap((one, index) =>
    points.slice(index + 1).flatMap((other) => {
      const [first, second] = [crash(one), crash(other)]
      return first && second ? [[aimOnce(one, first), aimOnce(other, second)]] : []
    }),
  )
}

function inEachPhase(point: Reachable, crash: FaultDescription | undefined): Plan[] {
  const phase = crash?.params.phase
  if (!crash || phase?.kind !== 'choice') return []
  return phase.values
    .filter((value) => value !== phase.default)
    .map((value) => [aimOnce(point, crash, { phase: value })])
}

/** Where the agent takes no time there is nothing between its crossings. */
function inTime({ reachable: [first], faults, startsAt, answeredAt }: Ground): Plan[] {
  if (!first) return []
  const leftMs = answeredAt - (startsAt.get(nameOf(first.address)) ?? 0)
  const limit = faults.find((fault) => isTimeLimit(fault) && fault.boundaries.includes(first.address.site.boundary))
  if (!limit) return []
  const times = [...new Set(shares.map((share) => Math.floor(leftMs * share)))].filter((ms) => ms > 0)
  return times.map((after) => [aimOnce(first, limit, { after })])
}
