/** Warm trials against their floors, and how many there are in a second. */
import { type Compared, compareSides, type Rounds } from '../measuring/rounds.js'
import { openWorker } from '../measuring/workers.js'
import { type BenchFile, compareWithAim, milliseconds, times } from '../table.js'
import { compareSixCalls } from './six-calls.js'
import { compareTrial, scenarios } from './warm-trial.js'

/** Until a trial is as quick as it gets. */
const light: Rounds = { warmUp: 1_000, rounds: 45, times: 10 }
const heavy: Rounds = { warmUp: 400, rounds: 30, times: 5 }
const roundsOf = { refund: light, notify: light, research: heavy, 'support-desk': heavy }
const was = { refund: '6.0×', notify: '4.1×', research: '2.5×', 'support-desk': '2.4×' }

export const warmTrials: BenchFile = {
  name: 'warm-trials',
  title: 'warm trials against their floors',
  run: async () => {
    const rows: string[][] = []
    for (const name of scenarios) {
      rows.push(rowOf(`a trial of ${name}`, await compareTrial(name, roundsOf[name]), 'trial', 1.8, was[name]))
    }
    const six = await compareSixCalls({ warmUp: 2_000, rounds: 40, times: 40 })
    rows.push(rowOf('six calls of a model, five of a tool', six, 'trial', 1.25, '1.86×'))
    rows.push(rowOf('the same, 500 virtual ms for each answer', six, 'slow', 1.5, '2.53×'))
    rows.push(await rateRow())
    return { head: ['what', 'floor', 'trial', 'ratio', 'undisturbed', 'by wall time', 'aim', '0.1.0'], rows }
  },
}

function rowOf(what: string, compared: readonly Compared[], name: string, atMost: number, was: string): string[] {
  const floor = compared[0]
  const trial = compared.find((one) => one.name === name)
  if (!floor || !trial) throw new Error(`${what}: there is no side ${name}`)
  const { cost, ratio, undisturbed } = trial
  const [now, aim] = compareWithAim(ratio.cpu, { atMost }, times)
  return [
    what,
    milliseconds(floor.cost.cpu),
    milliseconds(cost.cpu),
    now,
    times(undisturbed),
    times(ratio.wall),
    aim,
    was,
  ]
}

async function rateRow(): Promise<string[]> {
  const worker = await openWorker('test/bench/scenarios/twenty-tools.chaos.ts')
  try {
    const [trial] = await compareSides([worker.side], { warmUp: 3_000, rounds: 30, times: 100 })
    const { cpu, wall } = trial?.cost ?? { cpu: Number.NaN, wall: Number.NaN }
    const rate = (value: number) => `${Math.round(value)} a second`
    const [now, aim] = compareWithAim(1_000 / cpu, { atLeast: 5_000 }, rate)
    const what = 'a trivial agent, 20 tool calls, on one core'
    return [what, '', milliseconds(cpu), now, '', rate(1_000 / wall), aim, '1050 a second']
  } finally {
    worker.end()
  }
}
