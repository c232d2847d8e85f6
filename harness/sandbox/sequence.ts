/** The order of completions of the trial that is entered: begun with it, let go of where all waits, ended with it. */
import { Sequence } from './order.js'
import { shared } from './shared.js'

/** Starts the order of a trial; returns what ends it. */
export function openSequence(): () => void {
  const sequence = new Sequence()
  shared.sequence = sequence
  return () => {
    shared.sequence = undefined
    sequence.close()
  }
}

/** Whether completions were held although nothing is in flight any more; they are now being delivered. */
export function releaseHeld(): boolean {
  return shared.sequence?.release() ?? false
}
