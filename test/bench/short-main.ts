/**
 * `jiti test/bench/short-main.ts [--write]`: measures a few ratios, and exits with 1 where one is worse than the committed one by more than
 * its noise. What is worse is measured once more before it counts. `--write` commits the ratios of this machine; their noise stays. The
 * build must be there.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/cli/command.js'
import { compareSixCalls } from './benches/six-calls.js'
import { compareStartUp } from './benches/start-up.js'
import { compareTrial, scenarios } from './benches/warm-trial.js'
import type { Compared } from './measuring/rounds.js'
import { compareNames, judgeRatio, type Ratios } from './short.js'
import { times } from './table.js'

const file = join(root, 'test/bench/ratios.json')
/** For one that has no noise yet. */
const usualNoise = 0.5
const rounds = { rounds: 9, ms: 60, warmUpMs: 800 }

const ratioOf = (compared: readonly Compared[], name: string) =>
  compared.find((one) => one.name === name)?.ratio.cpu ?? Number.NaN

/** Ratios that are measured together, by name. */
const measures: readonly (() => Promise<Readonly<Record<string, number>>>)[] = [
  ...scenarios.map((name) => async () => ({ [name]: ratioOf(await compareTrial(name, rounds), 'trial') })),
  async () => {
    const compared = await compareSixCalls(rounds)
    return { 'six-calls': ratioOf(compared, 'trial'), 'six-calls-slow': ratioOf(compared, 'slow') }
  },
  async () => ({ 'start-up': await compareStartUp(4) }),
]

const committed = JSON.parse(readFileSync(file, 'utf8')) as Ratios
const isWorse = ([name, ratio]: readonly [string, number]) =>
  committed[name] !== undefined && judgeRatio(ratio, committed[name]) === 'worse'

const measured = new Map<string, number>()
for (const measure of measures) {
  const first = Object.entries(await measure())
  // Something else may have begun on the machine just then.
  const again: Readonly<Record<string, number>> =
    first.some(isWorse) && !process.argv.includes('--write') ? await measure() : {}
  for (const [name, ratio] of first) {
    const best = Math.min(ratio, again[name] ?? ratio)
    measured.set(name, best)
    process.stdout.write(`${lineOf(name, best)}\n`)
  }
}

if (process.argv.includes('--write')) {
  const all = [...measured].map(([name, ratio]) => {
    const noise = committed[name]?.noise ?? usualNoise
    return [name, { ratio: Number(ratio.toPrecision(3)), noise }]
  })
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`)
} else {
  const odd = compareNames([...measured.keys()], committed)
  for (const text of odd) process.stdout.write(`${text}\n`)
  process.exitCode = odd.length > 0 || [...measured].some(isWorse) ? 1 : 0
}

function lineOf(name: string, ratio: number): string {
  const known = committed[name]
  if (!known) return `${name.padEnd(16)} ${times(ratio)}`
  const verdict = { within: '', worse: '  WORSE', better: '  better: commit it by --short --write' }
  const bounds = `committed ${times(known.ratio)}, up to ${times(known.ratio * (1 + known.noise))} is noise`
  return `${name.padEnd(16)} ${times(ratio).padStart(6)}  ${bounds}${verdict[judgeRatio(ratio, known)]}`
}
