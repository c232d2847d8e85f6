/** The law of shards: run apart and merged, they are the whole run, whatever its trials come to. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeReports } from '../../harness/campaign/merge.js'
import type { Scenario } from '../../harness/contracts/scenario.js'
import { inProcess } from '../../harness/executors/in-process/executor.js'
import careless from '../../scenarios/canaries/no-idempotency-key.chaos.js'
import refund from '../../scenarios/refund.chaos.js'
import { makeExecutor, type Nature, reportOf, shardsOf, version } from '../support/campaign/shards.js'
import { stable } from '../support/stable.js'

const share = fc.constantFrom(0, 0, 0, 0.02, 0.1, 0.5)

const nature: fc.Arbitrary<Nature> = fc.record({
  salt: fc.nat(),
  violating: share,
  inconclusive: share,
  vacuous: share,
  failing: share,
  landing: fc.constantFrom(1, 1, 0.5, 0),
  leaking: fc.constantFrom(0, 0, 0, 0.2),
  killed: share,
})

describe('shards that are merged', () => {
  it('are the whole run, whatever its trials come to and however many shards there are', async () => {
    const verdicts = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(nature, nature, nature, nature),
        fc.integer({ min: 1, max: 11 }),
        fc.record({
          seed: fc.nat(1000),
          trialsMax: fc.constantFrom(2, 5, 200),
          random: fc.nat(20),
          measureTrials: fc.constantFrom(10, 2000),
          sweep: fc.constantFrom([], [], [0.2, 0, 0.2]),
        }),
        fc.infiniteStream(fc.nat()),
        async ([one, two, three, four], count, options, order) => {
          const executors = () => [
            makeExecutor('one', one),
            makeExecutor('canary', two, { canary: 'listed', budget: {} }),
            makeExecutor('unmeasured', three, { budget: {} }),
            makeExecutor('another', four),
          ]
          const run = { ...options, executors }
          const whole = await reportOf(run)
          const shards = (await shardsOf(run, count)).sort(() => (order.next().value ?? 0) - (order.next().value ?? 0))
          expect(stable(mergeReports(shards, version))).toEqual(stable(whole))
          for (const { verdict, measure } of whole.scenarios) {
            for (const what of [verdict, `gate ${measure?.gate.verdict}`]) {
              verdicts.set(what, (verdicts.get(what) ?? 0) + 1)
            }
          }
        },
      ),
      { numRuns: 100, seed: 1 },
    )
    // Each way that a scenario can go was met, and more than once.
    const ways = ['passed', 'violated', 'inconclusive', 'gate met', 'gate missed', 'gate not-shown', 'gate refused']
    for (const way of ways) expect([way, verdicts.get(way) ?? 0]).toEqual([way, expect.toSatisfy((n) => n > 2)])
  })

  it.each([2, 3, 7])('are the whole run of real agents, in %i shards', async (count) => {
    const sound = inProcess(refund as unknown as Scenario)
    // What its search of two trials does not come to, its measured trials do.
    const budget = { ...careless.budget, reliability: 0.5, aim: 0.7, faultRate: 0.3 }
    const found = inProcess({ ...(careless as unknown as Scenario), expect: null, budget })
    const run = { seed: 1, trialsMax: 1, random: 1, measureTrials: 100, executors: () => [sound, found] }
    const whole = await reportOf(run)
    expect(whole.scenarios.map(({ measure }) => measure?.gate.verdict)).toEqual(['refused', expect.any(String)])
    expect(whole.scenarios[1]?.violations.map(({ phase }) => phase)).toContain('measure')
    expect(stable(mergeReports(await shardsOf(run, count), version))).toEqual(stable(whole))
  })
})
