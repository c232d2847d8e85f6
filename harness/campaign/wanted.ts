/** Which scenarios a run asks for, by name and by tag. */
import type { ScenarioFacts } from '../contracts/executor.js'

export interface Wanted {
  /** Its name contains this text. */
  readonly grep?: string | undefined
  /** It has one of these tags. */
  readonly tag?: readonly string[] | undefined
}

/** Each of `wanted` may be several, with commas between them. */
export function hasTag(tags: readonly string[], wanted: readonly string[]): boolean {
  const all = wanted.flatMap((text) => text.split(',')).map((text) => text.trim())
  return tags.some((one) => all.includes(one))
}

export function isWanted({ name, tags }: Pick<ScenarioFacts, 'name' | 'tags'>, { grep, tag }: Wanted): boolean {
  if (grep !== undefined && !name.includes(grep)) return false
  return tag === undefined || hasTag(tags, tag)
}
