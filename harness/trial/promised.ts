/**
 * What a part of the scenario answers with later, awaited in virtual time. For when the trial is over, and the agent frozen.
 */
import type { VirtualClock } from '../sandbox/clock.js'
import { drive, type LoopEnd } from '../sandbox/loop.js'

export type Settled =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  /** Nothing is left that it could wait for, or it waited too long; `how` says which. */
  | { readonly kind: 'pending'; readonly how: LoopEnd }

export interface Patience {
  readonly clock: VirtualClock
  /** Virtual milliseconds from now. */
  readonly virtualMs: number
  /** Real milliseconds that real work may stay in flight. */
  readonly realMs: number
}

/** Waits once, so that a query that runs when it is awaited runs once. */
export async function settled(promise: PromiseLike<unknown>, { clock, virtualMs, realMs }: Patience): Promise<Settled> {
  let result: Settled | undefined
  const until = new Promise<unknown>((resolve) => resolve(promise)).then(
    (value) => {
      result = { kind: 'answered', value }
    },
    (error: unknown) => {
      result = { kind: 'threw', error }
    },
  )
  const how = await drive({
    clock,
    until,
    settled: () => false,
    stopped: () => false,
    horizonMs: clock.now() + virtualMs,
    realLimitMs: realMs,
  })
  return result ?? { kind: 'pending', how }
}
