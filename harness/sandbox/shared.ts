/** The trial that is entered, and what it puts in place of the process's own: `process-wide.ts` with its types. */
import type { Unowned } from '../contracts/beside.js'
import type { VirtualClock } from './clock.js'
import type { Entropy } from './entropy.js'
import type { Sequence } from './order.js'
import { processWide } from './process-wide.js'

/** What one trial puts in place of the process's own. */
export interface Ambient {
  readonly clock: VirtualClock
  readonly entropy: Entropy
  readonly fetch: typeof globalThis.fetch
  /** What rooms above have in this trial, by name. */
  readonly guests?: ReadonlyMap<string, unknown>
  /** In place of `process.exit`. */
  exit(code: number): never
  /** A client was about to ask a real network, at that origin; the error is for it to see. */
  stray?(origin: string, by?: 'CONNECT' | 'DNS' | 'UDP'): Error | undefined
  /** What may be reached beside this machine, as the scenario writes it, and whether a host is among it. */
  readonly allow?: readonly string[]
  allows?(host: string, port?: number): boolean
}

type Shared = Omit<typeof processWide, 'ambient' | 'sequence' | 'unowned'> & {
  unowned: Map<string, Unowned> | undefined
  ambient: Ambient | undefined
  sequence: Sequence | undefined
}

/** The state that every copy of this package in this process reads and writes. */
export const shared = processWide as Shared
