/** What is kept of a trial beside its trace: it hangs on the machine that ran it, and so counts in no digest. */
import type { ConsoleOutput } from './console.js'
import type { CallSite } from './place.js'

/** What was printed in a trial, and where its calls were made. */
export interface Beside {
  /** What was printed, if anything was. */
  readonly console?: ConsoleOutput
  /** Where in the agent's code its calls were made, where that was asked for. */
  readonly places?: readonly CallSite[]
}

/** A reading of time or chance that no trial owns, and so no seed repeats. */
export interface Unowned {
  /** As `process.memoryUsage`. */
  readonly what: string
  /** The frames of its stack outside of Node and of this package, as `file:line`, the innermost first. */
  readonly stack: readonly string[]
}

/** What of an agent's doing no fault strikes: processes, threads, and files elsewhere. */
export interface Company {
  /** Names of programs that are no Node, and so have no guard of the network. */
  readonly programs: readonly string[]
  readonly hasThreads: boolean
  /** Absolute paths outside the trial's folder that were written to. */
  readonly written: readonly string[]
}
