/**
 * What the commands need from outside, handed to them so that they can be tested without a terminal and without running a
 * trial. `main.ts` makes the real ones.
 */

import type { Fault } from '../../faults/fault.js'
import type { Reporter } from '../../reports/reporter.js'
import type { Campaign } from '../campaign/index.js'
import type { OpenExecutors } from '../contracts/executor.js'
import type { Invariant } from '../contracts/invariant.js'
import type { Provider } from '../contracts/provider.js'
import type * as queue from '../executors/queue/index.js'
import type { Selftest } from '../selftest/index.js'
import type * as files from './watch/files.js'

/** An output stream of the process. */
export interface Sink {
  /** Its file descriptor, where it has one. */
  readonly fd?: number
  write(text: string): void
  readonly isTTY: boolean
  /** The width of the terminal, where there is one. */
  readonly columns: number | undefined
}

export interface Io {
  readonly stdout: Sink
  readonly stderr: Sink
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Wall time in milliseconds, to pace the progress line. */
  now(): number
  /** Calls `listener` for every Ctrl-C, SIGTERM or SIGHUP from now on, in place of ending; returns its undo. */
  onInterrupt(listener: () => void): () => void
  /** Calls `listener` for every key from now on; returns its undo, or `undefined` where there is no keyboard. */
  onKey(listener: (key: string) => void): (() => void) | undefined
  /** Asks whoever sits at the terminal; `undefined` where nobody does. */
  ask(question: string): Promise<string | undefined>
  /** Shows a file with the program that the system has for it; rejects where it has none. */
  open(path: string): Promise<void>
  /** Ends the process at once. */
  kill(code: number): void
}

/** What tells of files that change. */
export type Watching = Pick<typeof files, 'watchFiles' | 'ignoredByGit'>

/** What there is to do with a queue, and what runs trials on this machine. */
export type Queueing = typeof queue & { readonly openHere: OpenExecutors }

export interface InvariantCatalogue {
  readonly invariantCatalogue: readonly Invariant[]
  readonly defaultInvariants: readonly Invariant[]
}

export interface Context {
  readonly io: Io
  readonly version: string
  /** The folder of the docs that came with this package, where there is one. */
  readonly docs?: string
  /** How many workers make sense on this machine. */
  readonly parallelism: number
  /** Loaded when a command needs it: `--help` and `explain` must not wait for it. */
  /** On worker processes of this machine, or on what is handed in. */
  campaign(openExecutors?: OpenExecutors): Promise<Campaign>
  selftest(): Promise<Selftest>
  faults(): Promise<readonly Fault[]>
  invariants(): Promise<InvariantCatalogue>
  providers(): Promise<readonly Provider[]>
  /** There at once, for help names them. */
  readonly reporters: readonly Reporter[]
  watching(): Promise<Watching>
  queue(): Promise<Queueing>
}
