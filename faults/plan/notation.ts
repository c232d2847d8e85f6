/**
 * The text form of a plan, which people read, edit and paste: the artefact of a replay. Decoding and encoding are
 * inverse. This file prints, and is the edge of reading; `parser.ts` holds the grammar.
 */

import type { FaultDescription } from '../fault.js'
import { encodeDuration } from '../params/duration.js'
import type { Address, Site, SiteSelector } from '../site.js'
import { parsePlan, parseSite } from './parser.js'
import type { FaultUse, Injection, Plan, When } from './plan.js'
import { encodeSite, encodeWord, quote } from './quote.js'
import { type NotationError, NotationRefusal } from './scanner.js'

export { encodeSite } from './quote.js'
export type { NotationError } from './scanner.js'

/** A plan, or why and where its text is refused. */
export type Decoded =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'refused'; readonly error: NotationError }

/**
 * Reads a plan. Parameters stay as they were given; defaults are not filled in. A text that is no plan, names what
 * `faults` does not hold, or plans what cannot happen is refused with the position; nothing is thrown. Where `sites` are
 * given, patterns over sites among them, so is whatever aims at none of them.
 */
export function decodePlan(text: string, faults: readonly FaultDescription[], sites?: readonly Site[]): Decoded {
  try {
    return { kind: 'plan', plan: parsePlan(text, faults, sites) }
  } catch (error) {
    return refusalOf(error)
  }
}

export type DecodedSite =
  | { readonly kind: 'site'; readonly site: Site }
  | { readonly kind: 'refused'; readonly error: NotationError }

/** Reads a site, or a pattern over sites, as it stands in a plan: `tool:refund`, `model:*`. Nothing is thrown. */
export function decodeSite(text: string): DecodedSite {
  try {
    return { kind: 'site', site: parseSite(text) }
  } catch (error) {
    return refusalOf(error)
  }
}

function refusalOf(thrown: unknown): { readonly kind: 'refused'; readonly error: NotationError } {
  const error = NotationRefusal.in(thrown)
  if (!error) throw thrown
  return { kind: 'refused', error }
}

/** A plan as text, on one line. Equal plans give equal texts, and `decodePlan` reads each. */
export function encodePlan(plan: Plan): string {
  return plan.map(encodeInjection).join('; ')
}

export function encodeInjection({ sites, when, faults }: Injection): string {
  const struck = sites.length === 1 ? encodeSelector(sites[0]) : `{${sites.map(encodeSelector).join(', ')}}`
  return `${struck}${encodeWhen(when)} = ${faults.map(encodeUse).join(', ')}`
}

/** `tool:refund#2`; with the attempt where it is not the first: `tool:refund#2.3`. */
export function encodeAddress({ site, occurrence, attempt }: Address): string {
  return `${encodeSite(site)}#${occurrence}${encodeAttempt(attempt)}`
}

function encodeSelector({ boundary, target, where }: SiteSelector): string {
  const site = encodeSite({ boundary, target })
  if (where === undefined) return site
  const fields = Object.entries(where).map(([name, value]) => `${encodeWord('name', name)}=${quote(value)}`)
  return `${site}{${fields.join(', ')}}`
}

function encodeWhen(when: When): string {
  switch (when.kind) {
    case 'span': {
      const last = when.to === when.from ? '' : `..${when.to}`
      return `#${when.from}${last}${encodeAttempt(when.attempt)}`
    }
    case 'onward':
      return `#${when.from}..`
    case 'series': {
      const every = when.every === 1 ? '' : `/${when.every}`
      return when.count === null ? `#${when.from}..${every}` : `#${when.from} x${when.count}${every}`
    }
    case 'outage':
      return `#${when.from} +${encodeDuration(when.ms)}`
    case 'window':
      return ` @${encodeDuration(when.fromMs)}..${when.toMs === null ? '' : encodeDuration(when.toMs)}`
  }
}

function encodeAttempt(attempt: number | 'every'): string {
  return attempt === 1 ? '' : attempt === 'every' ? '.*' : `.${attempt}`
}

function encodeUse({ fault, params }: FaultUse): string {
  const given = Object.entries(params).map(([name, value]) => `${encodeWord('name', name)}: ${quote(value)}`)
  return `${encodeWord('fault', fault)}${given.length > 0 ? `(${given.join(', ')})` : ''}`
}
