/** Plans by chance: only what can land, the same for the same seed, and small when they fail. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue, decodePlan, encodePlan, type Fault, type Plan } from '../../../faults/index.js'
import { accepts } from '../../../faults/params/param.js'
import { paramsArbitrary, planArbitrary } from '../../../faults/plan/arbitrary.js'
import { eligible, type Reachable } from '../../../faults/plan/reachable.js'

const refund: Reachable = {
  address: { site: { boundary: 'tool', target: 'refund' }, occurrence: 1, attempt: 1 },
  traits: [],
}
const retried: Reachable = {
  address: { site: { boundary: 'model', target: 'claude-opus-5-5' }, occurrence: 2, attempt: 3 },
  traits: ['stream'],
}
const wholeEffect: Reachable = {
  address: { site: { boundary: 'effect', target: 'charge' }, occurrence: 1, attempt: 1 },
  traits: [],
}
const reachable = [refund, retried]

function fault(name: string): Fault {
  const found = catalogue.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`no fault is called ${name}`)
  return found
}

/** The plan that fast-check ends with when `breaks` is what must not happen. */
function smallest(breaks: (plan: Plan) => boolean, seed: number): string {
  const run = fc.check(
    fc.property(planArbitrary(reachable, catalogue), (plan) => !breaks(plan)),
    { seed, numRuns: 2000 },
  )
  const [plan] = run.counterexample ?? []
  if (plan === undefined) throw new Error('no plan broke it')
  return encodePlan(plan)
}

describe('eligible', () => {
  it('asks for the boundary and for every trait that the fault needs', () => {
    expect(eligible(fault('tool/reply-lost'), refund)).toBe(true)
    expect(eligible(fault('tool/reply-lost'), retried)).toBe(false)
    expect(eligible(fault('effect/partial'), wholeEffect)).toBe(false)
    expect(eligible(fault('effect/partial'), { ...wholeEffect, traits: ['steps'] })).toBe(true)
  })
})

describe('planArbitrary', () => {
  it('draws the same plans from the same seed', () => {
    // A few by name: one that the catalogue gains shifts nothing here.
    const some = ['tool/hang', 'tool/slow', 'model/timeout', 'model/looping', 'process/crash', 'clock/jump'].map(fault)
    const texts = fc.sample(planArbitrary(reachable, some), { seed: 1, numRuns: 5 }).map(encodePlan)
    expect(texts).toMatchInlineSnapshot(`
      [
        "tool:refund#1 = clock/jump",
        "tool:refund#1 +1s = process/crash; tool:refund#1 +10s = tool/slow",
        "model:claude-opus-5-5#2.* = model/timeout; model:claude-opus-5-5#2 +30s = model/looping; model:claude-opus-5-5#2.3 = model/looping",
        "model:claude-opus-5-5#2.3 = process/crash",
        "tool:refund#1.* = tool/hang(work: "not-done"); tool:refund#1.. = tool/slow; tool:refund#1 +1s = tool/slow",
      ]
    `)
  })

  it('plans only faults that fit a crossing that was reached', () => {
    fc.assert(
      fc.property(planArbitrary([...reachable, wholeEffect], catalogue), (plan) => {
        expect(plan.length).toBeGreaterThan(0)
        expect(plan.length).toBeLessThanOrEqual(5)
        for (const { sites, faults } of plan) {
          const place = [refund, retried, wholeEffect].find(({ address }) => address.site.target === sites[0].target)
          expect(place !== undefined && faults.every((use) => eligible(fault(use.fault), place))).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('comes to every eligible fault and every way to last, mostly once and with defaults', () => {
    const injections = fc.sample(planArbitrary(reachable, catalogue), { seed: 2, numRuns: 1000 }).flat()
    const names = new Set(injections.flatMap(({ faults }) => faults.map((use) => use.fault)))
    const fitting = catalogue.filter((it) => reachable.some((place) => eligible(it, place)))
    expect([...names].sort()).toEqual(fitting.map(({ name }) => name).sort())
    const kinds = injections.map(({ when }) => (when.kind === 'span' && when.attempt === 'every' ? 'every' : when.kind))
    expect(new Set(kinds)).toEqual(new Set(['span', 'every', 'outage', 'onward', 'series']))
    expect(kinds.filter((kind) => kind === 'span').length).toBeGreaterThan(kinds.length / 3)
    const plain = injections.filter(({ faults }) => faults.every(({ params }) => Object.keys(params).length === 0))
    expect(plain.length).toBeGreaterThan(injections.length / 2)
    expect(plain.length).toBeLessThan(injections.length)
  })

  it('holds no more injections than it is allowed', () => {
    fc.assert(fc.property(planArbitrary(reachable, catalogue, { injectionsMax: 1 }), (plan) => plan.length === 1))
  })

  it('plans no companion alone where there is another fault to plan it beside', () => {
    const insisting = fault('model/insisting')
    const holds = (plan: Plan, name: string) => plan.some(({ faults }) => faults[0].fault === name)
    const plans = planArbitrary(reachable, [insisting, fault('model/timeout')])
    fc.assert(fc.property(plans, (plan) => holds(plan, 'model/timeout')))
    expect(fc.sample(plans, { seed: 1 }).some((plan) => holds(plan, 'model/insisting'))).toBe(true)
    fc.assert(fc.property(planArbitrary(reachable, [insisting]), (plan) => holds(plan, 'model/insisting')))
  })

  it('plans no companion that none of the faults at hand is worse with', () => {
    const holds = (plan: Plan, name: string) => plan.some(({ faults }) => faults[0].fault === name)
    const idle = planArbitrary(reachable, [fault('model/credulous'), fault('tool/unavailable')])
    fc.assert(fc.property(idle, (plan) => !holds(plan, 'model/credulous')))
    const busy = planArbitrary(reachable, [fault('model/credulous'), fault('tool/poisoned-result')])
    expect(fc.sample(busy, { seed: 1 }).some((plan) => holds(plan, 'model/credulous'))).toBe(true)
  })

  it('says what it was given when no fault is eligible', () => {
    expect(() => planArbitrary([wholeEffect], [fault('effect/partial'), fault('tool/not-run')])).toThrow(
      'expected at least one fault that fits a crossing that was reached, got effect/partial, tool/not-run for effect:charge#1',
    )
    expect(() => planArbitrary([], [])).toThrow('got no fault for no crossing')
  })

  it.each([1, 2, 3, 4, 5])('shrinks to the one fault that breaks it, once and with its defaults (seed %i)', (seed) => {
    const hasLost = (plan: Plan) => plan.some(({ faults }) => faults.some((use) => use.fault === 'tool/reply-lost'))
    expect(smallest(hasLost, seed)).toBe('tool:refund#1 = tool/reply-lost')
  })

  it.each([1, 2, 3])('shrinks to the shortest outage that breaks it (seed %i)', (seed) => {
    const lasts = (plan: Plan) => plan.some(({ when }) => when.kind === 'outage' && when.ms >= 7000)
    expect(smallest(lasts, seed)).toMatch(/^\S+#\d +\+(7|10)(\d\d\dms|s) = \S+$/)
  })

  it.each([1, 2, 3])('keeps both faults where it takes two (seed %i)', (seed) => {
    const both = (plan: Plan) =>
      ['tool/not-run', 'model/overloaded'].every((name) => plan.some(({ faults }) => faults[0].fault === name))
    expect(smallest(both, seed).split('; ').sort()).toEqual([
      expect.stringMatching(/^model:claude-opus-5-5#2(\.3)? = model\/overloaded$/),
      'tool:refund#1 = tool/not-run',
    ])
  })

  it('shrinks a plan that was pasted in as an example', () => {
    const decoded = decodePlan(
      'tool:refund#1.. = tool/reply-lost(symptom: "reset"); model:*#1 = model/timeout',
      catalogue,
    )
    const examples: [Plan][] = decoded.kind === 'plan' ? [[decoded.plan]] : []
    const run = fc.check(
      fc.property(planArbitrary(reachable, catalogue), (plan) => !encodePlan(plan).includes('tool/reply-lost')),
      { examples, seed: 1 },
    )
    expect(run.counterexample?.map(encodePlan)).toEqual(['tool:refund#1 = tool/reply-lost'])
  })
})

describe('paramsArbitrary', () => {
  it('gives values that the parameters accept, and none that is the default', () => {
    for (const { params } of catalogue) {
      fc.assert(
        fc.property(paramsArbitrary(params), (given) => {
          for (const [name, value] of Object.entries(given)) {
            const param = params[name]
            expect(param !== undefined && accepts(param, value) && value !== param.default).toBe(true)
          }
        }),
      )
    }
  })

  it('shrinks to what matters, in its mildest form', () => {
    const { params } = fault('model/stream-cut')
    const run = fc.check(
      fc.property(paramsArbitrary(params), (given) => !('how' in given)),
      { seed: 3, numRuns: 1000 },
    )
    expect(run.counterexample).toEqual([{ how: 'clean-end' }])
  })
})
