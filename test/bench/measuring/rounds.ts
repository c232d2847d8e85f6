/**
 * Sides compared in short rounds that alternate. Ratios are taken within a round, so that a machine that is busy or hot meets
 * all sides alike.
 */
import type { Cost, Side } from './cost.js'

/**
 * In pieces of work, not in time: how far V8 has optimized the code of a side goes by how often it ran. A busy machine then measures
 * the same code.
 */
export interface Rounds {
  /** How often each side works before anything counts. */
  readonly warmUp: number
  readonly rounds: number
  /** How often each side works in a round. */
  readonly times: number
}

/** Of one side, against the first. */
export interface Compared {
  readonly name: string
  /** Medians, in milliseconds for one piece of work. */
  readonly cost: Cost
  readonly ratio: Cost
  /** The ratio of processor time in the quickest tenth of the rounds of each: other work on the machine only ever adds to a round. */
  readonly undisturbed: number
}

export async function compareSides(sides: readonly Side[], options: Rounds): Promise<readonly Compared[]> {
  for (const side of sides) await side.run(options.warmUp)
  const seen: ReadonlyMap<string, Cost>[] = []
  for (let round = 0; round < options.rounds; round++) {
    const costs = new Map<string, Cost>()
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      costs.set(side.name, await side.run(options.times))
    }
    seen.push(costs)
  }
  const names = sides.map(({ name }) => name)
  return summarize(names, seen)
}

/** Medians of what was seen in each round; the first name is what the others are compared with. */
export function summarize(names: readonly string[], seen: readonly ReadonlyMap<string, Cost>[]): readonly Compared[] {
  const [base = ''] = names
  const costsOf = (name: string) => seen.map((round) => round.get(name) ?? none)
  const against = costsOf(base)
  return names.map((name) => {
    const costs = costsOf(name)
    const ratios = (kind: keyof Cost) => costs.map((cost, round) => cost[kind] / (against[round]?.[kind] ?? Number.NaN))
    return {
      name,
      cost: { wall: median(costs.map(({ wall }) => wall)), cpu: median(costs.map(({ cpu }) => cpu)) },
      ratio: { wall: median(ratios('wall')), cpu: median(ratios('cpu')) },
      undisturbed: quickestOf(costs) / quickestOf(against),
    }
  })
}

const quickestOf = (costs: readonly Cost[]) =>
  quantile(
    costs.map(({ cpu }) => cpu),
    0.1,
  )

const none: Cost = { wall: Number.NaN, cpu: Number.NaN }

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** Of none, `NaN`. Between two values it goes by how near each is. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN]
  return low + (high - low) * (at - Math.floor(at))
}
