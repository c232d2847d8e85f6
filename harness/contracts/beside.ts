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

/** What of an agent's doing no fault strikes: processes, threads, and files elsewhere. */
export interface Company {
  /** Names of programs that are no Node, and so have no guard of the network. */
  readonly programs: readonly string[]
  readonly hasThreads: boolean
  /** Absolute paths outside the trial's folder that were written to. */
  readonly written: readonly string[]
}
