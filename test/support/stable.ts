/** A report without what may differ from run to run: how long it took, and on which machine. */
export function stable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stable)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key]) => key !== 'timing' && key !== 'environment')
  return Object.fromEntries(kept.map(([key, inner]) => [key, stable(inner)]))
}
