/** Proves what a fault profile resolves to, how it is scaled, and that every profile that ships strikes as it says. */

import { badDayAtTheProvider, flakyTools, lossyNetwork, type ProfileOptions, UserError } from 'agent-chaos'
import { catalogue, describeFault, type Trait } from 'agent-chaos/faults'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { presets } from '../../../harness/contracts/presets.js'
import { atRate, nominalRate, profileOf, siteProfileAt } from '../../../harness/contracts/profile.js'
import { drawing } from '../../../harness/trial/chance.js'

const model = { boundary: 'model', target: 'claude' } as const
const refund = { boundary: 'tool', target: 'refund' } as const

describe('the profile of a budget', () => {
  it('is what an agent can recover from, at one crossing in ten, unless something else is asked for', () => {
    expect(profileOf({})).toEqual({
      name: null,
      faultRate: 0.1,
      weights: { transient: 0.8, indeterminate: 0.2 },
      bursts: null,
      outages: null,
      sites: [],
    })
    expect(profileOf({ faultRate: 0.3 })).toEqual({ ...profileOf({}), faultRate: 0.3 })
  })

  it('has at a site what is said of it, and elsewhere and otherwise what is said of all', () => {
    const outages = { meanMs: 1_000 }
    const profile = profileOf({
      profile: { faultRate: 0.2, outages, sites: { 'tool:*': { faultRate: 0.4 }, 'tool:refund': { faultRate: 1 } } },
    })
    expect(siteProfileAt(profile, model).faultRate).toBe(0.2)
    expect(siteProfileAt(profile, refund)).toMatchObject({ faultRate: 0.4, outages: { meanMs: 1_000, share: 1 } })
    expect(nominalRate(profile)).toBe(1)
  })

  it('takes sites as they stand in plans, quotes and all', () => {
    const [site] = profileOf({ profile: { sites: { 'http:"POST pay.example.com/v1"': { faultRate: 1 } } } }).sites
    expect(site?.site).toEqual({ boundary: 'http', target: 'POST pay.example.com/v1' })
  })

  it('may be asked for by name', () => {
    for (const preset of [badDayAtTheProvider, flakyTools, lossyNetwork]) {
      expect(profileOf({ profile: preset.name })).toEqual(profileOf({ profile: preset }))
    }
    expect(() => profileOf({ profile: 'lossy' })).toThrow(UserError)
  })
})

describe('a profile at another rate', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })

  it('strikes that often where it strikes most, and elsewhere in proportion', () => {
    const profile = profileOf({ profile: { faultRate: 0.1, sites: { 'model:*': { faultRate: 0.2 } } } })
    const scaled = atRate(profile, 0.5)
    expect([scaled.faultRate, scaled.sites[0]?.faultRate]).toEqual([0.25, 0.5])
    expect(atRate(profile, 0.2)).toEqual(profile)
    expect(
      profileOf({ faultRate: 0.5, profile: { faultRate: 0.1, sites: { 'model:*': { faultRate: 0.2 } } } }),
    ).toEqual(scaled)
  })

  it('is at that rate exactly, keeps rates to be chances, and never strikes less at a higher rate', () => {
    fc.assert(
      fc.property(share, share, share, share, (everywhere, site, low, high) => {
        const profile = profileOf({ profile: { faultRate: everywhere, sites: { 'tool:*': { faultRate: site } } } })
        const [less, more] = [Math.min(low, high), Math.max(low, high)].map((rate) => atRate(profile, rate))
        expect(nominalRate(atRate(profile, high))).toBe(high)
        for (const [index, rate] of [more?.faultRate ?? 0, more?.sites[0]?.faultRate ?? 0].entries()) {
          expect(rate).toBeLessThanOrEqual(1)
          expect(rate).toBeGreaterThanOrEqual([less?.faultRate ?? 0, less?.sites[0]?.faultRate ?? 0][index] ?? 0)
        }
      }),
    )
  })
})

describe.each(presets.map((preset) => [preset.name, preset] as const))('the profile %s', (name, preset) => {
  const faults = catalogue.map(describeFault)
  const known = new Set<string>([...faults.map((fault) => fault.name), ...faults.map((fault) => fault.class)])
  const options: ProfileOptions = preset
  const siteProfiles = [options, ...Object.values(options.sites ?? {})]

  it('weighs faults and classes that there are', () => {
    const entries = siteProfiles.flatMap(({ weights = {} }) => Object.keys(weights))
    expect(entries.filter((entry) => !known.has(entry))).toEqual([])
    expect(profileOf({ profile: name }).name).toBe(name)
  })

  it('strikes some site as often as it says, with faults that fit', () => {
    const profile = profileOf({ profile: preset })
    const draw = drawing(profile, faults, 1)
    const site = profile.sites.some((each) => each.faultRate > profile.faultRate) ? model : refund
    const crossings = Array.from({ length: 5_000 }, (_, index) => ({
      address: { site, occurrence: index + 1, attempt: 1 },
      traits: ['stream'] as Trait[],
    }))
    const drawn = crossings.flatMap((crossing) => draw(crossing) ?? [])
    const rate = nominalRate(profile)
    expect(Math.abs(drawn.length / 5_000 - rate)).toBeLessThan(6 * Math.sqrt((rate * (1 - rate)) / 5_000))
    for (const {
      faults: [{ fault }],
    } of drawn) {
      expect(faults.find((each) => each.name === fault)?.boundaries).toContain(site.boundary)
    }
    expect(
      new Set(drawn.map(({ when }) => when.kind === 'outage' || (when.kind === 'span' && when.to > when.from))),
    ).toEqual(new Set([true, false]))
  })
})
