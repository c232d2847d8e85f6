/**
 * Time for durations. The wall clock may be set, forwards or back, and a machine may sleep: what is to last thirty
 * seconds goes by the clock that nobody sets.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}
