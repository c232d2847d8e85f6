/** Proves that shrinking ends with a plan that fails and of which nothing can be left out, in few runs. */
import { catalogue, encodePlan, type Injection, type Plan } from 'agent-chaos/faults'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { milderPlans } from '../../../faults/plan/weaken.js'
import { shrink } from '../../../harness/search/shrink.js'
import { point, points, toolsOf } from '../../support/search/synthetic.js'

type Predicate = (plan: Plan) => boolean

/** Shrinks and counts; throws where the result does not fail. */
async function shrunk(plan: Plan, fails: Predicate) {
  const texts: string[] = []
  const { plan: result, ...more } = await shrink(plan, catalogue, async (candidate) => {
    texts.push(encodePlan(candidate))
    return fails(candidate)
  })
  expect(fails(result)).toBe(true)
  return { result, runs: texts.length, texts, ...more }
}

const holdsAll = (plan: Plan, core: readonly string[]) => core.every((tool) => toolsOf(plan).includes(tool))

/** The sizes of all failing subsets, by trying every one. */
function leastFailing(plan: Plan, fails: Predicate): number {
  let least = plan.length
  for (let mask = 1; mask < 2 ** plan.length; mask++) {
    const subset = plan.filter((_, index) => mask & (1 << index))
    if (subset.length < least && fails(subset)) least = subset.length
  }
  return least
}

const subsets = (count: number) => fc.subarray(toolsOf(points(count)), { minLength: 1 })

describe('shrinking', () => {
  it('finds the one core there is, as brute force does', async () => {
    await fc.assert(
      fc.asyncProperty(subsets(7), async (core) => {
        const plan = points(7)
        const { result } = await shrunk(plan, (candidate) => holdsAll(candidate, core))
        expect(toolsOf(result)).toEqual(core)
        expect(result.length).toBe(leastFailing(plan, (candidate) => holdsAll(candidate, core)))
      }),
      { numRuns: 120, seed: 1 },
    )
  })

  it('ends with one of several cores, of which nothing can be left out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(subsets(6), { minLength: 1, maxLength: 4 }), async (cores) => {
        const { result } = await shrunk(points(6), (plan) => cores.some((core) => holdsAll(plan, core)))
        const minimal = cores.filter(
          (core) => !cores.some((other) => other.length < core.length && isWithin(other, core)),
        )
        expect(minimal.map(String)).toContain(String(toolsOf(result)))
      }),
      { numRuns: 200, seed: 2 },
    )
  })

  it('leaves nothing that could be left out where faults mask each other', async () => {
    // Any set of plans may fail, as long as the whole does: the harshest that a search can meet.
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 5 }), fc.infiniteStream(fc.boolean()), async (count, coins) => {
        const answers = new Map<string, boolean>()
        const whole = points(count)
        const fails = (plan: Plan) => {
          const text = encodePlan(plan)
          const reported = answers.get(text) ?? (plan.length === count || Boolean(coins.next().value))
          answers.set(text, reported)
          return reported
        }
        const { result } = await shrunk(whole, fails)
        if (result.length === 1) return
        for (const [index] of result.entries()) expect(fails(result.toSpliced(index, 1))).toBe(false)
      }),
      { numRuns: 500, seed: 3 },
    )
  })

  it('finds a fault that others had masked', async () => {
    const fails = (plan: Plan) => ['t0,t1,t2,t3', 't2,t3', 't3'].includes(String(toolsOf(plan)))
    expect(toolsOf((await shrunk(points(4), fails)).result)).toEqual(['t3'])
  })

  it('asks nothing twice', async () => {
    const { texts } = await shrunk(points(12), (plan) => holdsAll(plan, ['t3', 't8']))
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('finds every pair among 20 points in at most 35 runs, and in 23 on average', async () => {
    const runs: number[] = []
    for (let one = 0; one < 20; one++) {
      for (let other = one + 1; other < 20; other++) {
        const core = [`t${one}`, `t${other}`]
        const found = await shrunk(points(20), (plan) => holdsAll(plan, core))
        expect(toolsOf(found.result)).toEqual(core)
        runs.push(found.runs)
      }
    }
    expect(Math.max(...runs)).toBeLessThanOrEqual(35)
    expect(runs.reduce((sum, count) => sum + count, 0) / runs.length).toBeLessThanOrEqual(23)
  })

  it('gives a plan back as it is where nothing milder fails', async () => {
    const plan = points(3)
    expect((await shrunk(plan, (candidate) => candidate.length === 3)).result).toEqual(plan)
    expect((await shrunk(points(1), () => true)).result).toEqual(points(1))
  })

  it('ends within 300 runs, with a plan that fails, whatever it is asked to do', async () => {
    const { result, runs } = await shrunk(points(400), (plan) => plan.length > 1 && plan.length % 2 === 0)
    expect(runs).toBeLessThanOrEqual(300)
    expect(result.length % 2).toBe(0)
    const never = await shrunk(points(400), (plan) => plan.length === 400)
    expect(never.runs).toBeLessThanOrEqual(300)
  })

  it('says whether each fault is needed, which nobody knows once the runs are out', async () => {
    const both = await shrunk(points(4), (plan) => holdsAll(plan, ['t0', 't2']))
    expect(both.isMinimal).toBe(true)
    const never = await shrunk(points(400), (plan) => plan.length === 400)
    expect(never.isMinimal).toBe(false)
  })

  it('says what it left out', async () => {
    const { result, rest } = await shrunk(points(5), (plan) => holdsAll(plan, ['t3']))
    expect([toolsOf(result), toolsOf(rest)]).toEqual([['t3'], ['t0', 't1', 't2', 't4']])
  })

  describe('of what is left', () => {
    const onward = (tool: string): Injection => ({ ...point(tool), when: { kind: 'onward', from: 1 } })

    it('makes each fault as mild as it can be', async () => {
      const { result } = await shrunk([onward('a'), onward('b')], (plan) => holdsAll(plan, ['a', 'b']))
      expect(encodePlan(result)).toBe('tool:a#1 = tool/unavailable; tool:b#1 = tool/unavailable')
    })

    it('keeps the harshness that it takes', async () => {
      const lasts = ([first]: Plan) =>
        first?.when.kind === 'onward' || (first?.when.kind === 'outage' && first.when.ms >= 10_000)
      const { result } = await shrunk([onward('a')], lasts)
      expect(encodePlan(result)).toBe('tool:a#1 +10s = tool/unavailable')
    })

    it('no single milder form fails', async () => {
      const outage: Injection = { ...point('a'), when: { kind: 'outage', from: 1, ms: 30_000 } }
      const fails = ([first]: Plan) => first?.when.kind === 'outage' && first.when.ms >= 7_000
      const { result } = await shrunk([outage], (plan) => fails(plan))
      for (const milder of result.flatMap((injection) => milderPlans(injection, catalogue))) {
        expect(fails([milder])).toBe(false)
      }
    })

    it('comes near to the least of a wide range in few runs', async () => {
      const lateBy = (timeout: number): Injection => ({
        ...point('a'),
        faults: [{ fault: 'tool/reply-lost', params: { timeout } }],
      })
      const waitedMs = ([first]: Plan) => Number(first?.faults[0].params.timeout ?? 10_000)
      const { result, runs } = await shrunk([lateBy(583_211)], (plan) => waitedMs(plan) > 37_000)
      expect(waitedMs(result)).toBeLessThan(37_000 * 1.15)
      expect(runs).toBeLessThan(60)
    })

    it('leaves out what a milder fault made needless', async () => {
      // For good, the failure of `a` shows only beside `b`; once, it shows alone.
      const fails = (plan: Plan) => {
        const a = plan.find(({ sites: [{ target }] }) => target === 'a')
        return a !== undefined && (a.when.kind === 'span' || holdsAll(plan, ['b']))
      }
      const { result } = await shrunk([onward('a'), onward('b')], fails)
      expect(encodePlan(result)).toBe('tool:a#1 = tool/unavailable')
    })
  })
})

function isWithin(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.every((item) => outer.includes(item))
}

it('leaves at most two faults of a core of two in 99 of 100, and takes at most 25 executions in 95 of 100', async () => {
  const runs: number[] = []
  const left: number[] = []
  const cases = fc.tuple(
    fc.integer({ min: 2, max: 6 }),
    fc.uniqueArray(fc.nat(), { minLength: 2, maxLength: 2, comparator: (a, b) => a === b }),
  )
  for (const [size, picks] of fc.sample(cases, { numRuns: 1_000, seed: 1 })) {
    const [one = 0, other = 1] = picks.map((pick) => pick % size)
    const core = [`t${one}`, `t${other === one ? (one + 1) % size : other}`]
    const found = await shrunk(points(size), (plan) => holdsAll(plan, core))
    runs.push(found.runs)
    left.push(found.result.length)
  }
  expect(left.filter((count) => count <= 2).length).toBeGreaterThanOrEqual(990)
  expect([...runs].sort((a, b) => a - b)[949]).toBeLessThanOrEqual(25)
})
