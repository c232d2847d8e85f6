/** The trials of correct agents: by chance, each fixed by its number, and reaching what no plan for the baseline can. */
import { catalogue, describeFault, encodePlan } from 'agent-chaos/faults'
import { describe, expect, it } from 'vitest'
import { reachableIn } from '../../../harness/search/ground.js'
import { type SampleOptions, sample } from '../../../harness/selftest/sample.js'
import { reaching } from '../../support/search/synthetic.js'

const tools = catalogue.filter(({ name }) => name.startsWith('tool/')).map(describeFault)
const options: SampleOptions = { seed: 1, name: 'a', faults: tools, reachable: reachableIn(reaching('a', 'b')) }

describe('the sample', () => {
  it('is the same whether it is taken at once or in parts', () => {
    expect([...sample(options, 0, 7), ...sample(options, 7, 20)]).toEqual(sample(options, 0, 20))
  })

  it('has trials with a seed of their own, three planned for each that chance strikes as it comes', () => {
    const specs = sample(options, 0, 40)
    expect(specs.map(({ seed }) => seed)).toEqual(specs.map((_, index) => 1 + index))
    expect(specs.filter(({ profile }) => profile !== undefined)).toHaveLength(10)
    for (const { plan, profile } of specs) expect(plan.length > 0).toBe(profile === undefined)
  })

  it('comes to every fault that fits, to several at once, and to neither place more than to the other', () => {
    const plans = sample(options, 0, 800).map(({ plan }) => plan)
    const injections = plans.flat()
    expect(new Set(injections.flatMap(({ faults }) => faults.map(({ fault }) => fault)))).toEqual(
      new Set(tools.map(({ name }) => name)),
    )
    expect(new Set(plans.map((plan) => plan.length))).toEqual(new Set([0, 1, 2, 3, 4, 5]))
    const share = injections.filter(({ sites: [{ target }] }) => target === 'a').length / injections.length
    expect(share).toBeGreaterThan(0.4)
    expect(share).toBeLessThan(0.6)
  })

  it('differs by seed, and by the name of the scenario', () => {
    const texts = (changed: Partial<SampleOptions>) =>
      sample({ ...options, ...changed }, 0, 10).map(({ plan }) => encodePlan(plan))
    expect(texts({ seed: 2 })).not.toEqual(texts({}))
    expect(texts({ name: 'b' })).not.toEqual(texts({}))
  })

  it('draws every class of faults that the scenario faces', () => {
    const profileFor = (faults: SampleOptions['faults']) =>
      sample({ ...options, faults }, 0, 4).flatMap(({ profile }) => profile ?? [])
    const some = tools.filter(({ class: class_ }) => class_ === 'transient' || class_ === 'definite')
    expect(profileFor(some)).toMatchObject([{ faultRate: 0.2, weights: { definite: 1, transient: 1 }, sites: [] }])
  })

  it('is empty where no fault fits any place', () => {
    expect(sample({ ...options, faults: [] }, 0, 10)).toEqual([])
    expect(sample({ ...options, reachable: [] }, 0, 10)).toEqual([])
  })
})
