/**
 * Sites as options name them: `tool:search`, `tool:*`, `http:"POST api.example.com/*"`, quoted or not. A contract,
 * because what is observed at a site and what is judged at it must be one and the same.
 */
import { boundaries } from '../../faults/boundaries.js'
import type { Site } from '../../faults/site.js'
import { didYouMean, UserError } from './errors.js'

/** The target may hold `*`. Throws a `UserError` for a text that names no boundary. */
export function siteOf(text: string): Site {
  const colon = text.indexOf(':')
  const named = text.slice(0, Math.max(colon, 0))
  const boundary = boundaries.find((known) => known === named)
  if (boundary === undefined) {
    const expected = `boundary:target, as in tool:search; boundaries are ${boundaries.join(', ')}`
    throw new UserError(`"${text}" is no site: expected ${expected}.${didYouMean(named, boundaries)}`)
  }
  return { boundary, target: unquote(text.slice(colon + 1)) }
}

function unquote(target: string): string {
  return /^".*"$/s.test(target) ? target.slice(1, -1).replace(/\\(.)/gs, '$1') : target
}
