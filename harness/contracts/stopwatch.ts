/** How long something took. The clock on the wall may be set meanwhile, and this one is not. */

/** Begins now; what it returns says how many milliseconds have passed since. */
export function startWatch(): () => number {
  const startedAt = performance.now()
  return () => performance.now() - startedAt
}
