/**
 * The laws of faults drawn by chance: a draw depends on its crossing and the seed alone, and it strikes as often and in such
 * parts as the profile says.
 */
import {
  catalogue,
  decodePlan,
  describeFault,
  encodePlan,
  type FaultDescription,
  type Injection,
  type Trait,
} from 'agent-chaos/faults'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atRate, type FaultProfile, profileOf } from '../../../harness/contracts/profile.js'
import { drawing } from '../../../harness/trial/chance.js'

const faults: readonly FaultDescription[] = catalogue.map(describeFault)
const always: FaultProfile = { ...profileOf({}), faultRate: 1 }
const tool = (occurrence: number, attempt = 1, target = 'refund') => ({
  address: { site: { boundary: 'tool', target }, occurrence, attempt } as const,
  traits: [] as Trait[],
})
const classOf = (injection: Injection | undefined) =>
  faults.find(({ name }) => name === injection?.faults[0].fault)?.class

describe('a draw', () => {
  const crossings = [1, 2, 3].flatMap((occurrence) => [1, 2].map((attempt) => tool(occurrence, attempt)))

  it('is the same in whatever order crossings come, and whatever else is drawn', () => {
    const profile = profileOf({ faultRate: 0.5 })
    for (let seed = 0; seed < 200; seed++) {
      const forwards = crossings.map(drawing(profile, faults, seed))
      const backwards = [...crossings]
        .reverse()
        .map(drawing(profile, faults, seed))
        .reverse()
      const alone = crossings.map((crossing) => drawing(profile, faults, seed)(crossing))
      expect(backwards).toEqual(forwards)
      expect(alone).toEqual(forwards)
    }
  })

  it('strikes that occurrence at that attempt, once, with default parameters', () => {
    expect(drawing(always, faults, 1)(tool(3, 2))).toEqual({
      sites: [{ boundary: 'tool', target: 'refund' }],
      when: { kind: 'span', from: 3, to: 3, attempt: 2 },
      faults: [{ fault: expect.any(String), params: {} }],
    })
  })

  it('strikes as often as the fault rate says', () => {
    const draw = drawing(profileOf({ faultRate: 0.1 }), faults, 7)
    const drawn = Array.from({ length: 20_000 }, (_, index) => draw(tool(index + 1)))
    const share = drawn.filter((injection) => injection !== undefined).length / drawn.length
    // Six standard deviations.
    expect(Math.abs(share - 0.1)).toBeLessThan(6 * Math.sqrt((0.1 * 0.9) / 20_000))
  })

  it('never strikes at a fault rate of 0 and always does at 1', () => {
    for (let seed = 0; seed < 100; seed++) {
      expect(drawing({ ...always, faultRate: 0 }, faults, seed)(tool(1))).toBeUndefined()
      expect(drawing(always, faults, seed)(tool(1))).toBeDefined()
    }
  })

  it('divides among classes by weight, and among the faults of a class evenly', () => {
    const draw = drawing(always, faults, 3)
    const drawn = Array.from({ length: 20_000 }, (_, index) => draw(tool(index + 1)))
    const transient = drawn.filter((injection) => classOf(injection) === 'transient').length
    expect(Math.abs(transient / 20_000 - 0.8)).toBeLessThan(6 * Math.sqrt((0.8 * 0.2) / 20_000))
    expect(drawn.filter((injection) => classOf(injection) === 'indeterminate').length).toBe(20_000 - transient)
    const fitting = faults.filter(
      (fault) => fault.class === 'indeterminate' && fault.boundaries.includes('tool') && fault.needs.length === 0,
    )
    for (const { name } of fitting) {
      const share = drawn.filter((injection) => injection?.faults[0].fault === name).length / (20_000 - transient)
      expect([name, Math.abs(share - 1 / fitting.length) < 0.05]).toEqual([name, true])
    }
  })

  it('leaves a class without a fitting fault to the others', () => {
    const indeterminate = faults.filter((fault) => fault.class === 'indeterminate')
    const drawn = Array.from({ length: 100 }, (_, seed) => drawing(always, indeterminate, seed)(tool(1)))
    expect(drawn.every((injection) => classOf(injection) === 'indeterminate')).toBe(true)
  })

  it('never takes a companion, another class, or a fault that the profile does not name', () => {
    const recoverable = new Set(['transient', 'indeterminate'])
    const named = { ...always, weights: { 'tool/reply-lost': 1 } }
    for (const boundary of ['model', 'tool', 'effect', 'http', 'file'] as const) {
      for (let seed = 0; seed < 300; seed++) {
        const address = { site: { boundary, target: 'x' }, occurrence: 1, attempt: 1 }
        const crossing = { address, traits: ['steps', 'stream', 'bytes'] as Trait[] }
        const drawn = drawing(always, faults, seed)(crossing)
        const fault = faults.find(({ name }) => name === drawn?.faults[0].fault)
        if (drawn) expect([fault?.companion, recoverable.has(fault?.class ?? '')]).toEqual([false, true])
        expect(['tool/reply-lost', undefined]).toContain(drawing(named, faults, seed)(crossing)?.faults[0].fault)
      }
    }
  })

  it('asks for nothing that the crossing cannot do', () => {
    const needy = faults.filter(({ needs, class: kind }) => needs.length > 0 && kind === 'indeterminate')
    expect(needy.length).toBeGreaterThan(0)
    const bare = { address: { ...tool(1).address, site: { boundary: 'effect', target: 'x' } as const }, traits: [] }
    expect(drawing(always, needy, 1)(bare)).toBeUndefined()
  })

  it('can be written down for any site, and read again', () => {
    const names = fc.string({ unit: 'grapheme', minLength: 1 })
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 1, max: 99 }),
        (name, occurrence, attempt) => {
          const drawn = drawing(always, faults, 1)(tool(occurrence, attempt, name))
          // A star would be read as a pattern, so nothing is drawn there.
          expect(drawn === undefined).toBe(name.includes('*'))
          if (drawn) expect(decodePlan(encodePlan([drawn]), faults)).toEqual({ kind: 'plan', plan: [drawn] })
        },
      ),
    )
  })

  it('divides among faults by name too, and leaves the rest of their class to the class', () => {
    const profile = profileOf({ faultRate: 1, profile: { weights: { 'tool/reply-lost': 3, indeterminate: 1 } } })
    const draw = drawing(profile, faults, 3)
    const drawn = Array.from({ length: 8_000 }, (_, index) => draw(tool(index + 1))?.faults[0].fault)
    const named = drawn.filter((name) => name === 'tool/reply-lost').length
    expect(Math.abs(named / 8_000 - 0.75)).toBeLessThan(6 * Math.sqrt((0.75 * 0.25) / 8_000))
    expect(new Set(drawn).size).toBeGreaterThan(3)
  })

  it('goes by what the profile says of the site: the first pattern that fits, and what it leaves out from all', () => {
    const sites = { 'tool:refund*': { faultRate: 1 }, 'tool:*': { faultRate: 0, weights: { 'tool/slow': 1 } } }
    const profile = profileOf({ profile: { weights: { 'tool/hang': 1, 'model/timeout': 1 }, sites } })
    const draw = drawing({ ...profile, faultRate: 1 }, faults, 1)
    const model = {
      address: { site: { boundary: 'model', target: 'm' }, occurrence: 1, attempt: 1 } as const,
      traits: [],
    }
    expect(draw(tool(1))?.faults[0].fault).toBe('tool/hang')
    expect(draw(tool(1, 1, 'search'))).toBeUndefined()
    expect(draw(model)?.faults[0].fault).toBe('model/timeout')
  })

  it('strikes at a higher rate all that it strikes at a lower one, with the same faults', () => {
    const profile = profileOf({ profile: 'lossy-network' })
    let more = 0
    for (let seed = 0; seed < 300; seed++) {
      const [low, high] = [0.1, 0.3].map((rate) => crossings.map(drawing(atRate(profile, rate), faults, seed)))
      for (const [index, injection] of (low ?? []).entries()) {
        if (injection) expect(high?.[index]).toEqual(injection)
        else if (high?.[index]) more++
      }
    }
    expect(more).toBeGreaterThan(100)
  })

  it('begins an outage of exponential length, and a burst of geometric length, in the parts that the profile says', () => {
    const siteProfile = { outages: { meanMs: 5_000, share: 0.3 }, bursts: { meanCalls: 4, share: 0.5 } }
    const draw = drawing(profileOf({ faultRate: 1, profile: siteProfile }), faults, 5)
    const whens = Array.from({ length: 20_000 }, (_, index) => draw(tool(index + 1))?.when)
    const ms = whens.flatMap((when) => (when?.kind === 'outage' ? [when.ms] : []))
    const calls = whens.flatMap((when) =>
      when?.kind === 'span' && when.to > when.from ? [when.to - when.from + 1] : [],
    )
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(Math.abs(ms.length / 20_000 - 0.3)).toBeLessThan(0.02)
    expect(Math.abs(mean(ms) - 5_000)).toBeLessThan(300)
    expect(Math.min(...ms)).toBeGreaterThanOrEqual(1)
    // One burst in four has but one call: 1/4 of 0.5 looks like a single strike.
    expect(Math.abs(calls.length / 20_000 - 0.375)).toBeLessThan(0.02)
    // Of those with a second call, the mean is one more.
    expect(Math.abs(mean(calls) - 5)).toBeLessThan(0.25)
  })

  it.each([1.5, 2])('draws bursts of a mean of %d calls, some longer than one', (meanCalls) => {
    const draw = drawing(profileOf({ faultRate: 1, profile: { bursts: { meanCalls } } }), faults, 5)
    const calls = Array.from({ length: 20_000 }, (_, index) => draw(tool(index + 1))?.when).flatMap((when) =>
      when?.kind === 'span' ? [when.to - when.from + 1] : [],
    )
    expect(Math.abs(calls.reduce((sum, count) => sum + count, 0) / calls.length - meanCalls)).toBeLessThan(0.05)
  })

  it('lets no outage be shorter than a millisecond, and some no longer', () => {
    const draw = drawing(profileOf({ faultRate: 1, profile: { outages: { meanMs: 1 } } }), faults, 5)
    const whens = Array.from({ length: 100 }, (_, index) => draw(tool(index + 1))?.when)
    expect(Math.min(...whens.flatMap((when) => (when?.kind === 'outage' ? [when.ms] : [])))).toBe(1)
  })

  it('begins outages at first attempts alone, and lets nothing last but what a dependency in trouble does', () => {
    const siteProfile = { outages: { meanMs: 5_000 }, weights: { transient: 1, definite: 1, resource: 1 } }
    const draw = drawing(profileOf({ faultRate: 1, profile: siteProfile }), faults, 5)
    for (let occurrence = 1; occurrence <= 500; occurrence++) {
      const [first, again] = [draw(tool(occurrence)), draw(tool(occurrence, 2))]
      expect(first?.when.kind).toBe(classOf(first) === 'transient' ? 'outage' : 'span')
      expect(again?.when).toEqual({ kind: 'span', from: occurrence, to: occurrence, attempt: 2 })
    }
  })

  it('is the one that was published for its seed', () => {
    const draw = drawing(
      always,
      faults.filter(({ name }) => /^tool\/(unavailable|reply-lost|duplicate)$/.test(name)),
      1,
    )
    const named = [1, 2, 3, 4, 5, 6, 7, 8].map((occurrence) => draw(tool(occurrence))?.faults[0].fault)
    expect(named).toEqual([
      'tool/unavailable',
      'tool/unavailable',
      'tool/reply-lost',
      'tool/unavailable',
      'tool/reply-lost',
      'tool/unavailable',
      'tool/reply-lost',
      'tool/unavailable',
    ])
  })
})
