/**
 * The contract of a fault profile: what world an agent's reliability is stated for. A reliability without the faults that
 * it was measured under says nothing, so the profile is data that stands in the report beside the number.
 * `ProfileOptions` is what a user writes, `FaultProfile` what is resolved from it here.
 */
import { decodeSite } from '../../faults/plan/notation.js'
import { matchesTarget, type Site } from '../../faults/site.js'
import type { Budget } from './budget.js'
import { didYouMean, UserError } from './errors.js'
import { presets } from './presets.js'
import type { Bursts, Outages, ProfileOptions, SiteProfileOptions } from './profile-options.js'

export interface SiteProfile {
  readonly faultRate: number
  readonly weights: Readonly<Record<string, number>>
  readonly bursts: Required<Bursts> | null
  readonly outages: Required<Outages> | null
}

export interface FaultProfile extends SiteProfile {
  /** `null` where it has none. */
  readonly name: string | null
  readonly sites: readonly (SiteProfile & { readonly site: Site })[]
}

const faultRateByDefault = 0.1

/** What an agent can recover from. A definite fault is no test of reliability: nobody could have succeeded. */
const weightsByDefault = { transient: 0.8, indeterminate: 0.2 } as const

/** The profile that a scenario is measured under. Throws a `UserError` for a name or a site that is none. */
export function profileOf({ profile = {}, faultRate }: Budget): FaultProfile {
  const resolved = resolve(typeof profile === 'string' ? presetNamed(profile) : profile)
  return faultRate === undefined ? resolved : atRate(resolved, faultRate)
}

function presetNamed(name: string): ProfileOptions {
  const names = presets.map((preset) => preset.name)
  const found = presets.find((preset) => preset.name === name)
  if (found) return found
  throw new UserError(`no fault profile is named "${name}" (${names.join(', ')}).${didYouMean(name, names)}`)
}

function resolve(options: ProfileOptions): FaultProfile {
  const everywhere = siteProfileOf(options, {
    faultRate: faultRateByDefault,
    weights: weightsByDefault,
    bursts: null,
    outages: null,
  })
  const sites = Object.entries(options.sites ?? {}).map(([pattern, own]) => ({
    site: siteOf(pattern),
    ...siteProfileOf(own, everywhere),
  }))
  return { name: options.name ?? null, ...everywhere, sites }
}

function siteProfileOf(
  { faultRate, weights, bursts, outages }: SiteProfileOptions,
  otherwise: SiteProfile,
): SiteProfile {
  return {
    faultRate: faultRate ?? otherwise.faultRate,
    weights: weights ?? otherwise.weights,
    bursts: bursts ? { share: 1, ...bursts } : otherwise.bursts,
    outages: outages ? { share: 1, ...outages } : otherwise.outages,
  }
}

function siteOf(pattern: string): Site {
  const decoded = decodeSite(pattern)
  if (decoded.kind === 'site') return decoded.site
  throw new UserError(`the site "${pattern}": ${decoded.error.message}`)
}

/** The chance that a crossing is struck at the sites that are struck most. */
export function nominalRate({ faultRate, sites }: FaultProfile): number {
  return Math.max(faultRate, ...sites.map((site) => site.faultRate))
}

/**
 * The same profile with another fault rate, which is that of the sites that are struck most; those that are struck less
 * keep their proportion. What is drawn at a lower rate is drawn at a higher one too.
 */
export function atRate(profile: FaultProfile, faultRate: number): FaultProfile {
  const before = nominalRate(profile)
  if (before === 0) return { ...profile, faultRate }
  const scale = (rate: number) => (rate === before ? faultRate : (rate / before) * faultRate)
  return {
    ...profile,
    faultRate: scale(profile.faultRate),
    sites: profile.sites.map((site) => ({ ...site, faultRate: scale(site.faultRate) })),
  }
}

/** What the profile says of a site. */
export function siteProfileAt(profile: FaultProfile, { boundary, target }: Site): SiteProfile {
  const own = profile.sites.find(({ site }) => site.boundary === boundary && matchesTarget(site.target, target))
  return own ?? profile
}
