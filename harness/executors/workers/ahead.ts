/**
 * How far workers may be ahead of their parent. A trial is open from when it is sent until its record is handed on, and so stands in
 * the journal, if there is one. Where the parent is killed, all that is open may run again: it may have ended, and wait in a pipe or to be judged.
 */

/** Trials sent to a worker before the first of them is answered: more make nothing faster. */
const most = 8
/** One that runs, and one that waits for no parent. */
const least = 2
/** Of the trials that are asked for at once, the share that may be open. */
const openShare = 1 / 20

interface Asked {
  /** Trials that are asked for at once, and those of them that are not handed on yet. */
  readonly trials: number
  readonly left: number
  readonly workers: number
  /** Each trial has a process of its own. */
  readonly isolate: boolean
}

/** How many trials may be open for each worker. */
export function aheadMost({ trials, left, workers, isolate }: Asked): number {
  if (isolate) return 1
  const share = Math.floor((trials * openShare) / workers)
  const even = Math.ceil(left / workers)
  return Math.max(1, Math.min(most, even, Math.max(least, share)))
}
