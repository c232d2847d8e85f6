/** Proves that plans of several faults are exhaustive, by published counts, and far fewer than chance would need. */
import { encodePlan, type Plan } from 'agent-chaos/faults'
import { describe, expect, it } from 'vitest'
import type { Executor } from '../../harness/contracts/executor.js'
import { inProcess } from '../../harness/executors/in-process/executor.js'
import { applications, meets, scenarioOf, steps, twentySteps } from '../support/search/corpus.js'
import { explore } from '../support/search/explore.js'

type Application = typeof twentySteps

/** Explores the application; what a call of it cannot meet is left out, as if such a fault did not fit there. */
async function exploreAll(name: string, application: Application, depth: number) {
  const executor = inProcess(scenarioOf(name, application))
  const plans: string[] = []
  const runs = (plan: Plan) =>
    plan.every(({ sites: [{ target }], faults: [{ fault }] }) => meets(application, target, fault))
  const fitting: Executor = {
    facts: executor.facts,
    run: async (specs, options) => {
      const some = specs.filter(({ plan }) => runs(plan))
      plans.push(...some.map(({ plan }) => encodePlan(plan)))
      const records = await executor.run(some, options)
      return specs.map((spec) => records[some.indexOf(spec)])
    },
  }
  const options = { seed: 1, depth, trialsMax: Number.POSITIVE_INFINITY, faults: executor.facts.faults }
  await explore(fitting, options)
  return plans
}

describe('exhaustively', () => {
  it.each(Object.entries(applications))('%s takes as many trials as were published', async (name, application) => {
    const plans = await exploreAll(name, application, Number.POSITIVE_INFINITY)
    expect(plans).toHaveLength(application.exhaustive)
    expect(new Set(plans).size).toBe(plans.length)
  })
})

describe('an agent of twenty steps with a retry each', () => {
  it('has 80 plans of one fault and 3,360 of two, and takes 3,441 trials', async () => {
    const plans = await exploreAll('twenty steps', twentySteps, 2)
    const sizes = plans.map((text) => (text === '' ? 0 : text.split('; ').length))
    expect([0, 1, 2].map((size) => sizes.filter((each) => each === size).length)).toEqual([1, 80, 3_360])
    expect(new Set(plans).size).toBe(3_441)
  })

  it.each([
    [0.2, 2.2],
    [0.05, 17],
  ])('is not covered by chance at a rate of %d per call in %d times as many', (rate, times) => {
    const needed = Array.from({ length: repetitions }, (_, seed) => trialsByChance(rate, seed + 1)).sort(
      (a, b) => a - b,
    )
    expect(needed[repetitions >> 1]).toBeGreaterThanOrEqual(times * 3_441)
  })
})

const repetitions = 101

/** Trials until plans drawn at `rate` per call have struck every pair that there is. */
function trialsByChance(rate: number, seed: number): number {
  const draw = generator(seed)
  const kinds = 4
  const seen = new Set<number>()
  const pairs = steps * kinds * kinds + ((steps * (steps - 1)) / 2) * kinds * kinds
  for (let trial = 1; ; trial++) {
    const passed: number[] = []
    for (let step = 0; step < steps; step++) {
      if (draw() >= rate) continue
      const first = step * kinds + Math.floor(draw() * kinds)
      if (draw() < rate) {
        // The step failed for good: both tries of it are the pair, and nothing follows.
        seen.add(-first * 10 - Math.floor(draw() * kinds))
        break
      }
      for (const before of passed) seen.add(1 + before * 1_000 + first)
      passed.push(first)
    }
    if (seen.size === pairs) return trial
  }
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
