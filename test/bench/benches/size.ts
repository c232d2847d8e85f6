/** What each injection of a plan costs, and each tool of a world. */
import { counts } from '../floor/size.js'
import { openProcess } from '../measuring/process.js'
import { compareSides } from '../measuring/rounds.js'
import { type BenchFile, milliseconds } from '../table.js'

export const size: BenchFile = {
  name: 'size',
  title: 'injections and tools in growing numbers',
  run: async () => {
    const process = openProcess('floor/size.ts')
    const names = ['none', ...counts.flatMap((count) => [`injections-${count}`, `tools-${count}`])]
    const compared = await compareSides(
      names.map((name) => process.side(name)),
      { warmUp: 200, rounds: 9, times: 20 },
    )
    await process.end()
    const costOf = (name: string) => compared.find((one) => one.name === name)?.cost.cpu ?? Number.NaN
    const cellsOf = (name: string, count: number) => {
      const each = ((costOf(name) - costOf('none')) * 1_000) / count
      return [milliseconds(costOf(name)), `${each.toFixed(each < 10 ? 1 : 0)} µs`]
    }
    return {
      head: ['so many', 'injections in the plan', 'each', 'tools in the world', 'each'],
      rows: [
        ['none, and one tool', milliseconds(costOf('none')), '', milliseconds(costOf('none')), ''],
        ...counts.map((count) => [
          String(count),
          ...cellsOf(`injections-${count}`, count),
          ...cellsOf(`tools-${count}`, count),
        ]),
      ],
    }
  },
}
