/**
 * Several tests at once: which of them still say what they say by themselves. Holm's procedure (1979) keeps the chance
 * of even one false alarm at `alpha`, however the tests depend on each other. The smallest of m p-values is compared
 * with alpha/m, the next with alpha/(m - 1), and so on until one is too large.
 */
export interface Held {
  readonly rejected: boolean
  /** The level that the p-value was compared with. */
  readonly level: number
}

/** For each p-value, in the order given. */
export function holm(pValues: readonly number[], alpha: number): Held[] {
  const order = pValues.map((_, index) => index).sort((left, right) => (pValues[left] ?? 1) - (pValues[right] ?? 1))
  const held = pValues.map((): Held => ({ rejected: false, level: alpha }))
  let rejected = true
  for (const [rank, index] of order.entries()) {
    const level = alpha / (pValues.length - rank)
    rejected &&= (pValues[index] ?? 1) <= level
    held[index] = { rejected, level }
  }
  return held
}
