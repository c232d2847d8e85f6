/** One trial without a scenario: an agent in virtual time. Shared by the tests of the world and their fixtures. */

import type { FollowEnd } from '../../../harness/contracts/host.js'
import { enter } from '../../../harness/sandbox/ambient.js'
import { VirtualClock } from '../../../harness/sandbox/clock.js'
import { Entropy } from '../../../harness/sandbox/entropy.js'
import { type DriveOptions, drive } from '../../../harness/sandbox/loop.js'
import { holdBack } from '../../../harness/sandbox/runner.js'
import type { Ambient } from '../../../harness/sandbox/shared.js'

export interface Followed<T> {
  readonly end: FollowEnd
  /** What the agent resolved to. */
  readonly answer: T | undefined
  readonly error: unknown
  /** Virtual milliseconds. */
  readonly endedAtMs: number
}

export type Overrides = Partial<DriveOptions> & { readonly seed?: number } & Partial<Pick<Ambient, 'exit' | 'stray'>>

/** Follows `agent` to its end; the stubs must be installed. */
export async function follow<T>(agent: (clock: VirtualClock) => Promise<T>, overrides: Overrides = {}) {
  const clock = new VirtualClock()
  const ambient: Ambient = {
    clock,
    entropy: new Entropy(overrides.seed ?? 1),
    fetch: async () => new Response('virtual'),
    exit: overrides.exit ?? ((code) => fail(`unexpected exit ${code}`)),
    ...(overrides.stray && { stray: overrides.stray }),
  }
  let settled = false
  let answer: T | undefined
  let error: unknown
  const release = holdBack()
  const leave = enter(ambient)
  try {
    agent(clock)
      .then(
        (value) => {
          answer = value
        },
        (reason: unknown) => {
          error = reason
        },
      )
      .finally(() => {
        settled = true
      })
    // A busy machine takes its time, and no test is about that but those that say so.
    const defaults = { isSettled: () => settled, isStopped: () => false, horizonMs: 3_600_000, realLimitMs: 600_000 }
    const end = await drive({ clock, ...defaults, ...overrides })
    const followed: Followed<T> = {
      end,
      answer,
      error,
      endedAtMs: clock.now(),
    }
    return followed
  } finally {
    clock.stop()
    leave()
    release()
  }
}

function fail(message: string): never {
  throw new Error(message)
}
