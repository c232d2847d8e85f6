/**
 * A site is a boundary and a target; a selector is a pattern over sites. Addresses count logically (n-th crossing, k-th
 * attempt at it), never by a position in a random stream. So removing one injection leaves the others meaning what they
 * meant.
 */
import { type Boundary, boundaryTable } from './boundaries.js'
import type { Json } from './json.js'

/** A boundary and a target: `tool:refund`, `model:NAME`. */
export interface Site {
  readonly boundary: Boundary
  readonly target: string
}

/**
 * A pattern over sites. `*` in `target` stands for any run of characters. `where` compares fields of the call's first
 * argument with JSON values; a dotted name reaches into nested objects.
 */
export interface SiteSelector {
  readonly boundary: Boundary
  readonly target: string
  readonly where?: Readonly<Record<string, Json>>
}

/** One crossing of a site: the `attempt`-th try (from 1) at the `occurrence`-th logical crossing (from 1). */
export interface Address {
  readonly site: Site
  readonly occurrence: number
  readonly attempt: number
}

/**
 * What a crossing can do beyond the common; a fault may need one. `bytes`: it writes bytes, which can be torn. `opens`: it opens a
 * file. `rename`: it renames one. `lookup`: it uses a file that was looked at before, and may be gone by now. `stream`: the
 * answer of a model comes as a stream. `loose-input`: it may call a tool with what is no JSON.
 */
export type Trait = 'steps' | 'stream' | 'bytes' | 'opens' | 'rename' | 'lookup' | 'loose-input'

/** What a crossing cannot do, each with the reason. */
export type Lacks = Readonly<Partial<Record<Trait, string>>>

/** What an answer of a model can do beyond the common. */
export const modelTraits: readonly Trait[] = ['stream', 'loose-input']

/**
 * Whether `selector` matches a crossing of `site` whose first argument is `input` (parsed, or undefined). `owner` is whom the
 * target belongs to, where it can be named with it: of a model its provider, as in `model:anthropic/*`.
 */
export function selects(selector: SiteSelector, site: Site, input: () => unknown, owner?: string): boolean {
  const { boundary, target, where } = selector
  if (boundary !== site.boundary) return false
  const isMet =
    matchesTarget(target, site.target) || (owner !== undefined && matchesTarget(target, `${owner}/${site.target}`))
  return isMet && (where === undefined || matchesInput(where, input()))
}

/** Whether `selector` may match a crossing of what `known` names: a site, or a pattern over sites that are there. */
export function mayMeet(selector: SiteSelector, known: Site): boolean {
  if (selector.boundary !== known.boundary) return false
  const { asksModel } = boundaryTable[selector.boundary]
  const names = [selector.target, ...(asksModel ? [selector.target.replace(/^[^/]*\//, '')] : [])]
  return names.some((name) => matchesTarget(name, known.target) || matchesTarget(known.target, name))
}

export function matchesTarget(pattern: string, target: string): boolean {
  if (pattern === '*' || pattern === target) return true
  if (!pattern.includes('*')) return false
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(target)
}

function matchesInput(where: Readonly<Record<string, Json>>, input: unknown): boolean {
  return Object.entries(where).every(([path, expected]) => {
    const actual = path
      .split('.')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], input)
    return actual !== undefined && JSON.stringify(actual) === JSON.stringify(expected)
  })
}
