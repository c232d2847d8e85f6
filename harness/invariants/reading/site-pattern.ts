/**
 * Whether a site is one that a scenario's options name. The words are those of plans; a plan's selector by argument has
 * no place here.
 */
import { matchesTarget, type Site } from '../../../faults/site.js'
import { siteOf } from '../../contracts/site.js'

export type SitePattern = (site: Site) => boolean

/** Throws a `UserError` for a text that names no boundary. */
export function sitePattern(text: string): SitePattern {
  const { boundary, target } = siteOf(text)
  return (site) => site.boundary === boundary && matchesTarget(target, site.target)
}

export function anyOf(patterns: readonly SitePattern[]): SitePattern {
  return (site) => patterns.some((matches) => matches(site))
}
