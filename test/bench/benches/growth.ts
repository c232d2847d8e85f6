/** How time and memory grow with the number of trials. */
import { type Watched, watchCommand } from '../measuring/command.js'
import { type BenchFile, megabytes, seconds } from '../table.js'

const usual = [100, 1_000, 10_000]
const long = [...usual, 100_000, 1_000_000]
const file = 'test/bench/scenarios/six-calls.chaos.ts'

export const growth: BenchFile = {
  name: 'growth',
  title: 'growth with the number of trials',
  run: async (options) => {
    const rows: string[][] = []
    for (const trials of options.long ? long : usual) {
      const bounds = ['--no-measure', '--trials-max', '10', '--random', String(trials)]
      // Among ten thousand plans there is one that breaks even this agent.
      rows.push(rowOf(trials, await watchCommand(['run', file, ...bounds], [0, 1])))
    }
    return {
      head: ['random trials', 'wall time', 'trials a second', 'parent', 'its growth', 'a worker', 'its growth'],
      rows,
    }
  },
}

function rowOf(trials: number, { ms, looks }: Watched): string[] {
  const columns = (['parentMb', 'workerMb'] as const).flatMap((who) => {
    const held = looks.map((look) => look[who])
    const perTrial = (slopeOf(looks.map((look, index) => [look.ms / ms, held[index] ?? 0])) * 1e3) / trials
    return [megabytes(Math.max(...held)), `${perTrial.toFixed(perTrial < 10 ? 2 : 0)} kB a trial`]
  })
  return [trials.toLocaleString('en'), seconds(ms), String(Math.round((trials * 1_000) / ms)), ...columns]
}

/** By least squares: how much y grows from x = 0 to x = 1, by the looks of the last half, when all is loaded and warm. */
export function slopeOf(looks: readonly (readonly [x: number, y: number])[]): number {
  const last = looks.filter(([x]) => x > 0.5)
  const mean = (of: (look: readonly [number, number]) => number) =>
    last.reduce((sum, look) => sum + of(look), 0) / last.length
  const [x, y] = [mean(([at]) => at), mean(([, value]) => value)]
  return mean(([at, value]) => (at - x) * (value - y)) / mean(([at]) => (at - x) ** 2)
}
