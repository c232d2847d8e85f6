/** A conversation of few turns and of many, against its floor: each request holds all turns so far. */
import { openProcess } from '../measuring/process.js'
import { compareSides, type Rounds } from '../measuring/rounds.js'
import { type BenchFile, milliseconds, times } from '../table.js'

/** By the number of turns. */
const lengths: readonly (readonly [turns: number, rounds: Rounds])[] = [
  [1, { warmUp: 2_000, rounds: 11, times: 200 }],
  [5, { warmUp: 1_000, rounds: 11, times: 60 }],
  [50, { warmUp: 100, rounds: 11, times: 5 }],
  [200, { warmUp: 10, rounds: 5, times: 2 }],
  [1_000, { warmUp: 1, rounds: 3, times: 1 }],
]

export const turns: BenchFile = {
  name: 'turns',
  title: 'a conversation of many turns',
  run: async () => {
    const rows: string[][] = []
    for (const [length, rounds] of lengths) rows.push(await rowOf(length, rounds))
    return { head: ['turns', 'floor', 'trial', 'ratio', 'a turn, above the floor', '0.1.0'], rows }
  },
}

const was: Readonly<Record<number, string>> = { 5: '2.18×', 50: '2.22×', 200: '2.08×', 1000: '1.52×' }

async function rowOf(length: number, rounds: Rounds): Promise<string[]> {
  const process = openProcess('floor/six-calls.ts', String(length))
  const [floor, trial] = await compareSides([process.side('floor'), process.side('trial')], rounds)
  await process.end()
  if (!floor || !trial) throw new Error('two sides were measured: expected two results')
  const above = ((trial.cost.cpu - floor.cost.cpu) * 1_000) / length
  const [low, high] = [floor, trial].map(({ cost }) => milliseconds(cost.cpu))
  return [String(length), low ?? '', high ?? '', times(trial.ratio.cpu), `${Math.round(above)} µs`, was[length] ?? '']
}
