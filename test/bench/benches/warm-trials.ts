/** Warm trials against their floors, and how many there are in a second. */
import { type Compared, compareSides, type Rounds } from '../measuring/rounds.js'
import { openWorker } from '../measuring/workers.js'
import { type BenchFile, milliseconds, times } from '../table.js'
import { compareSixCalls } from './six-calls.js'
import { compareTrial, scenarios } from './warm-trial.js'

const rounds: Rounds = { rounds: 15, ms: 150, warmUpMs: 4_000 }
const was = { refund: '6.0×', notify: '4.1×', research: '2.5×', 'support-desk': '2.4×' }

export const warmTrials: BenchFile = {
  name: 'warm-trials',
  title: 'warm trials against their floors',
  run: async () => {
    const rows: string[][] = []
    for (const name of scenarios) {
      rows.push(rowOf(`a trial of ${name}`, await compareTrial(name, rounds), 'trial', '≤ 1.8×', was[name]))
    }
    const six = await compareSixCalls({ ...rounds, warmUpMs: 2_000 })
    rows.push(rowOf('six calls of a model, five of a tool', six, 'trial', '≤ 1.25×', '1.86×'))
    rows.push(rowOf('the same, 500 virtual ms for each answer', six, 'slow', '≤ 1.5×', '2.53×'))
    rows.push(await rateRow())
    return { head: ['what', 'floor', 'trial', 'ratio', 'middle half', 'by wall time', 'aim', '0.1.0'], rows }
  },
}

function rowOf(what: string, compared: readonly Compared[], name: string, aim: string, was: string): string[] {
  const floor = compared[0]
  const trial = compared.find((one) => one.name === name)
  if (!floor || !trial) throw new Error(`${what}: there is no side ${name}`)
  const { cost, ratio, between } = trial
  const middle = between.map((one) => one.toFixed(2)).join(' to ')
  return [
    what,
    milliseconds(floor.cost.cpu),
    milliseconds(cost.cpu),
    times(ratio.cpu),
    middle,
    times(ratio.wall),
    aim,
    was,
  ]
}

async function rateRow(): Promise<string[]> {
  const worker = await openWorker('test/bench/scenarios/twenty-tools.chaos.ts')
  try {
    const [trial] = await compareSides([worker.side], rounds)
    const rate = (ms = Number.NaN) => `${Math.round(1_000 / ms)} a second`
    const what = 'a trivial agent, 20 tool calls, trials on one core'
    return [
      what,
      '',
      milliseconds(trial?.cost.cpu ?? Number.NaN),
      rate(trial?.cost.cpu),
      '',
      rate(trial?.cost.wall),
      '≥ 5000',
      '1050',
    ]
  } finally {
    worker.end()
  }
}
