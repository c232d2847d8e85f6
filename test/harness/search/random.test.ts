/** Proves that plans by chance are drawn share by share, and that a run holds no more records than one share has. */
import { catalogue, describeFault, encodePlan } from 'agent-chaos/faults'
import { describe, expect, it } from 'vitest'
import { groundOf } from '../../../harness/search/ground.js'
import { randomPlansOf } from '../../../harness/search/random.js'
import { search } from '../../../harness/search/search.js'
import { factsWith, fakeExecutor, reaching, recordOf } from '../../support/search/synthetic.js'

const facts = factsWith({ faults: catalogue.map(describeFault) })
const trace = reaching('a', 'b')
const baseline = recordOf(facts, { plan: [], seed: 1, detail: 'full' }, { evidence: { trace, digest: '' } })
const textsOf = (seed: number, count: number) =>
  [...randomPlansOf(groundOf(baseline, facts), seed, count)].map((plans) => plans.map(encodePlan))

describe('plans by chance', () => {
  it('are as many as were asked for, a thousand at a time', () => {
    expect(textsOf(1, 2_500).map(({ length }) => length)).toEqual([1_000, 1_000, 500])
    expect(textsOf(1, 0)).toEqual([])
  })

  it('are the same for the same seed, whatever comes behind them', () => {
    expect(textsOf(1, 1_200).flat()).toEqual(textsOf(1, 2_500).flat().slice(0, 1_200))
    expect(textsOf(1, 1_000)[0]).not.toEqual(textsOf(1, 2_000)[1])
  })
})

describe('a long search', () => {
  it('asks for no more than a thousand trials at once', async () => {
    const executor = fakeExecutor(factsWith())
    const sizes: number[] = []
    const counting: typeof executor = {
      ...executor,
      run: (specs, options) => {
        sizes.push(specs.length)
        return executor.run(specs, options)
      },
    }
    const { search: counts } = await search(counting, {
      seed: 1,
      trialsMax: 50,
      randomPlans: 3_210,
      command: () => 'replay',
    })
    expect(counts.run).toBeGreaterThanOrEqual(3_210)
    expect(counts.planned).toBe(counts.run)
    expect(Math.max(...sizes)).toBe(1_000)
  })

  it('that is called off says how many it left out', async () => {
    const off = new AbortController()
    const executor = fakeExecutor(factsWith())
    let done = 0
    const { search: counts } = await search(executor, {
      seed: 1,
      trialsMax: 50,
      randomPlans: 3_000,
      command: () => 'replay',
      signal: off.signal,
      onProgress: () => {
        if (++done === 1_500) off.abort()
      },
    })
    expect(counts.run).toBe(1_500)
    expect(counts.run + counts.skipped).toBe(counts.planned)
    expect(counts.planned).toBeGreaterThanOrEqual(3_000)
  })
})
