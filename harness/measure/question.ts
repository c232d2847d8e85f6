/** What a gate is asked: the two agents that it must tell apart, and how often it may take one for the other. */

export interface Question {
  /** The least that is acceptable. */
  readonly reliability: number
  /** What a good agent has. */
  readonly aim: number
}

/** Of a gate by itself; what a run of several gates may miss wrongly, they share. */
export const risks = {
  /**
   * The chance that the answer is *missed* for an agent which is as good as the least, at most. And that the aim is ruled
   * out for one which is as good as the aim.
   */
  alpha: 0.05,
  /** The chance that the answer is *met* for an agent which is no better than the least, at most. */
  beta: 0.05,
} as const

/** By default a good agent spends a fifth of its error budget. */
export function aimOf(reliability: number, aim?: number): number {
  return aim ?? Number((1 - (1 - reliability) / 5).toPrecision(12))
}

/** Up, to two digits. */
export function roundUp(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.ceil(value / unit) * unit
}

/** A share to four digits, and to as many more as it takes to tell it from 1. */
export function shareWords(share: number): string {
  const nines = share < 1 ? Math.ceil(-Math.log10(1 - share)) : 0
  return String(Number(share.toPrecision(Math.max(4, nines + 1))))
}
