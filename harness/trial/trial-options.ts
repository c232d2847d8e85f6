/** What a trial is run by. */
import type { Endpoint } from '../contracts/transport.js'
import type { Reloading } from './copies.js'
import type { TrialWorldOptions } from './trial-world.js'

export interface TrialOptions extends TrialWorldOptions, Reloading {
  readonly seed: number
  /** Real milliseconds that real work may stay in flight before the trial ends as `stuck`. */
  readonly realLimitMs?: number
  /** Megabytes that the process may take. */
  readonly memoryMbMax?: number
  /** The agent runs for real, with its own environment and from now on: this answers its requests. */
  readonly instead?: Endpoint
  /** Told of each crossing, and each time that virtual time moves, with how often the model was asked. */
  readonly onProgress?: ((modelCalls: number) => void) | undefined
}
