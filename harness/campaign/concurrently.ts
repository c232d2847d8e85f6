/**
 * Work on many files side by side on a bounded number of workers. Apart from what is done with a file, because a run and
 * a selftest do different things with it and share the workers out alike.
 */

/**
 * Does `work` on every item, several at once, and begins nothing more once `goesOn` says so. `workers` tells a piece of
 * work how many workers it may use, as it is now. Those that are done leave theirs to those that are not.
 */
export async function runConcurrently<T>(
  items: readonly T[],
  workersMax: number,
  goesOn: () => boolean,
  work: (item: T, workers: () => number, index: number) => Promise<void>,
): Promise<void> {
  const lanes = Math.max(1, Math.min(workersMax, items.length))
  let busy = 0
  const workers = () => Math.max(1, Math.floor(workersMax / Math.max(1, busy)))
  const waiting = items.entries()
  const lane = async (): Promise<void> => {
    while (goesOn()) {
      const next = waiting.next()
      if (next.done) return
      const [index, item] = next.value
      busy++
      await work(item, workers, index)
      busy--
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
