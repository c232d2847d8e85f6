/**
 * Faults that come several times and end: so many in a row and then none, every other time, for a while. A breaker, a limit
 * and a budget show what they are only then: on the way there, at it, and once the world is well.
 */
import type { FaultClass, FaultDescription } from '../../faults/fault.js'
import type { GivenParams } from '../../faults/params/param.js'
import type { Injection, Plan, When } from '../../faults/plan/plan.js'
import type { Reachable } from '../../faults/plan/reachable.js'
import type { Ground } from './ground.js'
import {
  aimOnce,
  aimOnward,
  always,
  companionsOf,
  firstsOf,
  fitting,
  injection,
  middlesOf,
  pickOfEachClass,
} from './singles.js'

const passing: readonly FaultClass[] = ['transient', 'indeterminate']

/** Rows that a retry loop of usual length meets, whatever the scenario's limits are. */
const usualRows = [2, 3] as const
/** Beyond that a row is no different from what lasts. */
const rowsMost = 12
/** Longer than the usual outage. */
const longOutageMs = 120_000

export function sequences(ground: Ground): Plan[] {
  const { reachable, faults } = ground
  const aimed = firstsOf(reachable).flatMap((point) => {
    const picks = pickOfEachClass(point, faults).filter((fault) => passing.includes(fault.class))
    return picks.map((fault) => ({ point, fault, others: othersThan(fault, point, faults) }))
  })
  const [rows, limits] = rowsOf(ground)
  return [
    ...aimed.flatMap(({ point, fault }) => rows.map((row) => [injection(point, fault, inARow(point, row))])),
    ...aimed.map(({ point, fault }) => [injection(point, fault, everyOther(point))]),
    ...aimed.flatMap((each) => limits.flatMap((row) => atTheLimit(each, row, faults))),
    ...aimed.map(({ point, fault }) => [injection(point, fault, longOutage(point))]),
  ]
}

/** Misbehaviour that lasts, of an agent at work: what a model repeats or forgets there has to be there first. */
export function misbehaviour({ reachable, faults }: Ground): Plan[] {
  return middlesOf(reachable).flatMap((middle) => {
    const some = fitting(middle, faults).filter((fault) => fault.class === 'behavioural')
    return some.map((fault) => [aimOnward(middle, fault)])
  })
}

/** Whatever a server can advise, by one fault of each site that advises anything. */
export function advice({ reachable, faults }: Ground): Plan[] {
  return firstsOf(reachable).flatMap((point) => {
    const fault = advising(point, faults)
    const texts = Object.entries(fault?.params ?? {}).flatMap(([name, param]) =>
      param.kind === 'text'
        ? param.samples.filter((value) => value !== param.default).map((value) => ({ [name]: value }))
        : [],
    )
    return fault ? texts.map((params) => [aimOnce(point, fault, params)]) : []
  })
}

/** Two pieces of advice of which one can be read and the other cannot: which of them counts? */
export function adviceAtOdds({ reachable, faults }: Ground): Plan[] {
  return firstsOf(reachable).flatMap((point) => {
    const fault = advising(point, faults)
    return fault ? atOdds(fault).map((params) => [aimOnce(point, fault, params)]) : []
  })
}

function advising(point: Reachable, faults: readonly FaultDescription[]): FaultDescription | undefined {
  return fitting(point, faults).find(({ params }) => Object.values(params).some(({ kind }) => kind === 'text'))
}

function atOdds({ params }: FaultDescription): GivenParams[] {
  const texts = Object.entries(params).flatMap(([name, param]) => (param.kind === 'text' ? [{ name, param }] : []))
  return texts.flatMap(({ name, param }) =>
    texts.flatMap((other) => {
      const sound = param.samples.find((value) => Number(value) >= 30)
      const unreadable = other.param.samples.findLast((value) => Number.isNaN(Number(value)))
      if (other.name === name || sound === undefined || unreadable === undefined) return []
      return [{ [name]: sound, [other.name]: unreadable }]
    }),
  )
}

/** Every row up to the highest limit and one beyond; and the limits themselves. */
function rowsOf({ limits }: Ground): [readonly number[], readonly number[]] {
  const counted = limits.filter((limit) => limit < rowsMost)
  const rows = new Set([...usualRows, ...counted, ...counted.map((limit) => limit + 1)])
  return [[...rows].filter((row) => row > 1).sort((left, right) => left - right), counted.filter((limit) => limit > 1)]
}

interface Aimed {
  readonly point: Reachable
  readonly fault: FaultDescription
  readonly others: readonly FaultDescription[]
}

/** Of a model that insists, or no tool would be failed that often; and another class of fault at the very next call. */
function atTheLimit({ point, fault, others }: Aimed, row: number, faults: readonly FaultDescription[]): Plan[] {
  const rows = [row, row + 1].map((count) => injection(point, fault, inARow(point, count)))
  const worse = companionsOf(fault, faults).flatMap((companion) => rows.map((each) => [each, always(companion)]))
  return [...worse, ...others.map((other) => probedBy(point, fault, other, row))]
}

/** What comes first masks the other, but for the last time. */
function probedBy(point: Reachable, fault: FaultDescription, other: FaultDescription, row: number): Injection[] {
  return [injection(point, fault, inARow(point, row)), injection(point, other, inARow(point, row + 1))]
}

function othersThan(fault: FaultDescription, point: Reachable, faults: readonly FaultDescription[]) {
  const failing = pickOfEachClass(point, faults).filter((one) => [...passing, 'definite'].includes(one.class))
  return failing.filter((one) => one.name !== fault.name)
}

function inARow({ address: { occurrence: from } }: Reachable, count: number): When {
  return { kind: 'series', from, count, every: 1 }
}

function longOutage({ address: { occurrence: from } }: Reachable): When {
  return { kind: 'outage', from, ms: longOutageMs }
}

function everyOther({ address: { occurrence: from } }: Reachable): When {
  return { kind: 'series', from, count: null, every: 2 }
}
