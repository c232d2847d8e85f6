/**
 * Sites as a scenario's options name them: `tool:search`, `tool:*`, `http:"POST api.example.com/*"`, quoted or not. The
 * words are those of plans; a plan's selector by argument has no place here.
 */
import { boundaries, matchesTarget, type Site } from '../../faults/site.js'
import { didYouMean, UserError } from '../errors.js'

export type SitePattern = (site: Site) => boolean

/** Throws a `UserError` for a text that names no boundary. */
export function sitePattern(text: string): SitePattern {
  const colon = text.indexOf(':')
  const named = text.slice(0, Math.max(colon, 0))
  const boundary = boundaries.find((known) => known === named)
  if (boundary === undefined) {
    const expected = `boundary:target, as in tool:search; boundaries are ${boundaries.join(', ')}`
    throw new UserError(`"${text}" is no site: expected ${expected}.${didYouMean(named, boundaries)}`)
  }
  const target = unquoted(text.slice(colon + 1))
  return (site) => site.boundary === boundary && matchesTarget(target, site.target)
}

export function anyOf(patterns: readonly SitePattern[]): SitePattern {
  return (site) => patterns.some((matches) => matches(site))
}

function unquoted(target: string): string {
  return /^".*"$/s.test(target) ? target.slice(1, -1).replace(/\\(.)/gs, '$1') : target
}
