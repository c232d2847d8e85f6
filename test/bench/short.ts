/** Ratios of this machine, now, beside committed ones: worse than their noise is a failure. */
import { median } from './measuring/rounds.js'

export interface Committed {
  readonly ratio: number
  /** By which share of it a machine that is busy may go beyond it; measured. */
  readonly noise: number
}

/** By name. */
export type Ratios = Readonly<Record<string, Committed>>

export type Verdict = 'within' | 'worse' | 'better'

export function judgeRatio(ratio: number, { ratio: committed, noise }: Committed): Verdict {
  // Not a number is no ratio, and passes nothing.
  if (!(ratio <= committed * (1 + noise))) return 'worse'
  return ratio < committed / (1 + noise) ? 'better' : 'within'
}

/** What of a ratio may still come that was not measured: another machine, another load. */
const margin = 0.25

/** Of one that was measured several times: the median, and how far above it another may lie. */
export function commitRatio(measured: readonly number[]): Committed {
  const ratio = median(measured)
  const noise = Math.max(...measured) / ratio - 1 + margin
  return { ratio: Number(ratio.toPrecision(3)), noise: Number(noise.toFixed(2)) }
}

/** Those that are measured and those that are committed must be the same; what is missing on either side. */
export function compareNames(measured: readonly string[], committed: Ratios): readonly string[] {
  const names = Object.keys(committed)
  return [
    ...measured.filter((name) => !names.includes(name)).map((name) => `${name} has no committed ratio`),
    ...names.filter((name) => !measured.includes(name)).map((name) => `${name} is committed, and not measured`),
  ]
}
