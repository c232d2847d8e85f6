/** What a second worker brings, and which processes a run has. */
import { timeCommand, watchCommand } from '../measuring/command.js'
import { median } from '../measuring/rounds.js'
import { type BenchFile, compareWithAim, goalHead, megabytes, seconds, times } from '../table.js'

const random = 2_000
const pairs = 2
const runOf = (workers: number) => [
  ...['run', 'scenarios/refund.chaos.ts', '--no-measure', '--trials-max', '10'],
  ...['--random', String(random), '--workers', String(workers)],
]

export const workers: BenchFile = {
  name: 'workers',
  title: 'workers and processes',
  run: async () => {
    const seen: { readonly one: number; readonly two: number }[] = []
    for (let pair = 0; pair < pairs; pair++) seen.push(await timePair(pair % 2 === 0))
    const watched = await watchCommand(['run', 'scenarios/', '--workers', '2'])
    const wall = (name: 'one' | 'two') => seconds(median(seen.map((pair) => pair[name])))
    const speedUp = median(seen.map(({ one, two }) => one / two))
    const count = (value: number) => String(value)
    const trials = `${random} random trials of refund`
    return {
      head: goalHead,
      rows: [
        [`${trials}, 1 worker`, wall('one'), '', ''],
        [`${trials}, 2 workers`, wall('two'), '', ''],
        ['2 workers against 1', ...compareWithAim(speedUp, { atLeast: 1.8 }, times), '1.0 to 1.2×'],
        ['`run scenarios/`: processes at once', ...compareWithAim(watched.processes, { atMost: 3 }, count), '8'],
        ['what they hold together', megabytes(watched.allMb), '', '1100 MB'],
        ['processes that are left a second after it', ...compareWithAim(watched.leftOver, { atMost: 0 }, count), ''],
      ],
    }
  },
}

async function timePair(oneFirst: boolean): Promise<{ readonly one: number; readonly two: number }> {
  const [first = 1, second = 2] = oneFirst ? [1, 2] : [2, 1]
  const walls = new Map([[first, (await timeCommand(runOf(first))).ms]])
  walls.set(second, (await timeCommand(runOf(second))).ms)
  return { one: walls.get(1) ?? Number.NaN, two: walls.get(2) ?? Number.NaN }
}
