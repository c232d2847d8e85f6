/** Whom to kill, and when: drawn from a seed, each victim as often as any other, and evenly over a run. */
import { stream } from '../../harness/contracts/stream.js'

/** Of a run on one machine: the command, one of its processes, and the command while it writes its journal. */
export const victimsAlone = ['parent', 'worker', 'mid-write'] as const
/** Of a run over a queue. `server, mid-write` leaves a torn end in the log of Redis; PostgreSQL is killed wherever it is. */
export const victimsQueued = [
  'coordinator',
  'coordinator, mid-write',
  'machine',
  'worker process',
  'server',
  'server, mid-write',
] as const
export type Victim = (typeof victimsAlone | typeof victimsQueued)[number]

export interface Kill {
  readonly victim: Victim
  /** From 0, when the run is started, to 1, when its report is out. */
  readonly at: number
  /** What else is to be drawn for it, from 0 to 1: which of several, or how much; and in which way. */
  readonly which: number
  readonly way: number
}

/** As many as asked for, of each victim as many as of any other, in an order that is drawn. */
export function drawVictims(seed: number, count: number, victims: readonly Victim[]): Victim[] {
  const draw = stream(seed, 'victims')
  const all = Array.from({ length: count }, (_, index) => ({ victim: victims[index % victims.length], by: draw() }))
  return all.sort((one, other) => one.by - other.by).flatMap(({ victim }) => victim ?? [])
}

/** One after the other in one run, each in a part of the run of its own. */
export function drawKills(seed: number, run: number, victims: readonly Victim[]): Kill[] {
  const draw = stream(seed, `kills:${run}`)
  return victims.map((victim, index) => ({ victim, at: (index + draw()) / victims.length, which: draw(), way: draw() }))
}
