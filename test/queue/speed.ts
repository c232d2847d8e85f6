/** How fast a run over a queue is: what was measured, and a simulation of more processes than there are cores here. */

import { stream } from '../../harness/contracts/stream.js'
import { rangeLength } from '../../harness/executors/queue/protocol.js'

/** Trials that a search asks for at once; it goes on when all of them are done. */
const askedAtOnce = 1_000
/** How far a trial may be from the mean. */
const spread = 0.5
const campaign = 10_000_000

/** Of one machine; times in milliseconds. */
export interface Costs {
  readonly trial: number
  /** What a range costs the process that runs it, and whoever leads the run, beside its trials. */
  readonly range: number
  /** The part of it that the leader, or the server, can do for one range at a time only. */
  readonly together: number
}

/** Trials a second of so many processes, each with a core of its own: ranges go to whichever is free, and come back to one leader. */
export function simulate({ trial, range, together }: Costs, processes: number, batches = 200): number {
  const draw = stream(1, `speed:${processes}`)
  const length = rangeLength(askedAtOnce)
  let now = 0
  for (let batch = 0; batch < batches; batch++) {
    const free = Array.from({ length: processes }, () => now)
    const back: number[] = []
    for (let left = askedAtOnce; left > 0; left -= length) {
      const first = free.indexOf(Math.min(...free))
      const trials = Array.from({ length: Math.min(length, left) }, () => trial * (1 - spread + 2 * spread * draw()))
      const done = (free[first] ?? 0) + range + trials.reduce((sum, each) => sum + each, 0)
      free[first] = done
      back.push(done)
    }
    back.sort((one, other) => one - other)
    now = back.reduce((sum, at) => Math.max(sum, at) + together, now)
  }
  return (batches * askedAtOnce * 1_000) / now
}

export interface Measured {
  readonly engine: string
  readonly costs: Costs
  /** Trials a second by so many processes. */
  readonly rates: ReadonlyMap<number, number>
}

/** A row for each number of processes. */
export function tableOf(measured: readonly Measured[], processes: readonly number[]): string {
  const head = [
    'processes',
    ...measured.flatMap(({ engine }) => [`${engine}, here`, `${engine}, simulated`, '10^7 trials']),
  ]
  const rows = processes.map((count) => [
    String(count),
    ...measured.flatMap(({ costs, rates }) => {
      const [real, simulated] = [rates.get(count), simulate(costs, count)]
      return [
        real === undefined ? '' : `${Math.round(real)} a second`,
        `${Math.round(simulated)} a second`,
        hours(campaign / simulated),
      ]
    }),
  ])
  const lines = [head, head.map((_, index) => (index === 0 ? '--:' : '--:')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function hours(seconds: number): string {
  return `${(seconds / 3_600).toFixed(1)} hours`
}
