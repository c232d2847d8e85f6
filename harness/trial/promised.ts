/**
 * What a part of the scenario answers with later, awaited in virtual time. For when the trial is over, and the agent frozen.
 */
import type { FollowEnd, OpenHost } from '../contracts/host.js'

export type Settled =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  /** Nothing is left that it could wait for, or it waited too long; `how` says which. */
  | { readonly kind: 'pending'; readonly how: FollowEnd }

export interface Patience {
  readonly host: OpenHost
  /** Virtual milliseconds from now. */
  readonly virtualMs: number
  /** Real milliseconds that real work may stay in flight. */
  readonly realMs: number
}

/** Waits once, so that a query that runs when it is awaited runs once. */
export async function settle(promise: PromiseLike<unknown>, { host, virtualMs, realMs }: Patience): Promise<Settled> {
  let result: Settled | undefined
  const until = new Promise<unknown>((resolve) => resolve(promise)).then(
    (value) => {
      result = { kind: 'answered', value }
    },
    (error: unknown) => {
      result = { kind: 'threw', error }
    },
  )
  const how = await host.follow({
    until,
    isSettled: () => false,
    isStopped: () => false,
    horizonMs: host.clock.now() + virtualMs,
    realLimitMs: realMs,
  })
  return result ?? { kind: 'pending', how }
}
