/** Orders that are the same on every machine. */

/** By code unit, so that the locale is no matter. */
export function compareByCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
