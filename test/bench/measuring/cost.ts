/** What one piece of work costs, and by whom it can be asked: a process of its own, or a worker of a run. */
import { Bench } from 'tinybench'

/** Of one piece of work, in milliseconds. */
export interface Cost {
  readonly wall: number
  /** Of all threads. Waiting for a processor does not count, so a busy machine changes it little. */
  readonly cpu: number
}

export interface Side {
  readonly name: string
  /** So many pieces of work, one after the other; what one of them cost. */
  run(times: number): Promise<Cost>
}

/** Milliseconds of processor time so far. */
export type CpuClock = () => number

export const ownCpu: CpuClock = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** `piecesEach` is how many pieces of work one call of `work` does. */
export async function timeWork(
  work: () => unknown,
  times: number,
  clock: CpuClock = ownCpu,
  piecesEach = 1,
): Promise<Cost> {
  const calls = Math.max(1, Math.round(times / piecesEach))
  const bench = new Bench({ iterations: calls, time: 0, warmup: false, throws: true, now: clock })
  bench.add('work', async () => void (await work()))
  const from = performance.now()
  await bench.run()
  const wall = (performance.now() - from) / calls / piecesEach
  const [task] = bench.tasks
  if (task?.result.state !== 'completed') throw new Error(`the work was not done: ${task?.result.state}`)
  return { wall, cpu: task.result.latency.mean / piecesEach }
}
