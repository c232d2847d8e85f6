/**
 * `jiti test/bench/bench-main.ts --short [NAME...] [--write]`: measures a few ratios, and exits with 1 where one is worse than the committed one by more than
 * its noise. What is worse is measured once more before it counts. `--write` commits the ratios of this machine with their noise, which it
 * measures with nothing else to do and beside other work in turn. The build must be there.
 */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/cli/command.js'
import { compareSixCalls } from './benches/six-calls.js'
import { compareStartUp } from './benches/start-up.js'
import { compareTrial } from './benches/warm-trial.js'
import type { Compared } from './measuring/rounds.js'
import { commitRatio, compareNames, judgeRatio, type Ratios } from './short.js'
import { times } from './table.js'

const file = join(root, 'test/bench/ratios.json')
/** Heavier trials are fewer. */
const trials = {
  refund: { warmUp: 200, rounds: 40, times: 5 },
  notify: { warmUp: 200, rounds: 40, times: 5 },
  research: { warmUp: 50, rounds: 25, times: 5 },
} as const
const sixCalls = { warmUp: 500, rounds: 40, times: 10 }

/** How often each is measured before it is committed; every second time beside so many processes that work. */
const measuredTimes = 4
const hogs = 2

/** Ratios that are measured together, by name. */
type Measure = () => Promise<Readonly<Record<string, number>>>

const all: Readonly<Record<string, Measure>> = {
  refund: async () => ({ refund: ratioOf(await compareTrial('refund', trials.refund), 'trial') }),
  notify: async () => ({ notify: ratioOf(await compareTrial('notify', trials.notify), 'trial') }),
  research: async () => ({ research: ratioOf(await compareTrial('research', trials.research), 'trial') }),
  'six-calls': async () => {
    const compared = await compareSixCalls(sixCalls)
    return { 'six-calls': ratioOf(compared, 'trial'), 'six-calls-slow': ratioOf(compared, 'slow') }
  },
  'start-up': async () => ({ 'start-up': await compareStartUp(4) }),
}
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const measures = Object.entries(all).flatMap(([name, measure]) =>
  named.length === 0 || named.includes(name) ? [measure] : [],
)
if (measures.length === 0) throw new Error(`expected some of ${Object.keys(all).join(', ')}, got ${named.join(', ')}`)

async function check(committed: Ratios): Promise<void> {
  const measured: string[] = []
  for (const measure of measures) {
    for (const [name, ratio] of Object.entries(await measureAgain(measure, committed))) {
      measured.push(name)
      const verdict = committed[name] && judgeRatio(ratio, committed[name])
      if (verdict === 'worse') process.exitCode = 1
      process.stdout.write(
        `${name.padEnd(16)} ${times(ratio).padStart(6)}  ${tell(committed[name])}${notes[verdict ?? 'within']}\n`,
      )
    }
  }
  for (const text of named.length === 0 ? compareNames(measured, committed) : []) {
    process.stdout.write(`${text}\n`)
    process.exitCode = 1
  }
}

const notes = { within: '', worse: '  WORSE', better: '  better: commit it by --short --write' }

const tell = (known: Ratios[string] | undefined) =>
  known ? `committed ${times(known.ratio)}, up to ${times(known.ratio * (1 + known.noise))} is noise` : ''

/** A second time where it is worse: something else may have begun on the machine just then. The better of both counts. */
async function measureAgain(measure: Measure, committed: Ratios): Promise<Readonly<Record<string, number>>> {
  const first = await measure()
  const isWorse = ([name, ratio]: [string, number]) =>
    committed[name] !== undefined && judgeRatio(ratio, committed[name]) === 'worse'
  if (!Object.entries(first).some(isWorse)) return first
  const second = await measure()
  return Object.fromEntries(
    Object.entries(first).map(([name, ratio]) => [name, Math.min(ratio, second[name] ?? ratio)]),
  )
}

async function commit(): Promise<void> {
  const seen = new Map<string, number[]>()
  for (const measure of measures) {
    for (let time = 0; time < measuredTimes; time++) {
      const ratios = await (time % 2 === 0 ? measure() : besideWork(measure))
      for (const [name, ratio] of Object.entries(ratios)) {
        seen.set(name, [...(seen.get(name) ?? []), ratio])
        process.stdout.write(`${name.padEnd(16)} ${times(ratio).padStart(6)}\n`)
      }
    }
  }
  const known = JSON.parse(readFileSync(file, 'utf8')) as Ratios
  const found = Object.fromEntries([...seen].map(([name, ratios]) => [name, commitRatio(ratios)]))
  writeFileSync(file, `${JSON.stringify(named.length === 0 ? found : { ...known, ...found }, null, 2)}\n`)
}

async function besideWork<T>(work: () => Promise<T>): Promise<T> {
  const script = join(root, 'test/bench/measuring/hog-main.mjs')
  const others = Array.from({ length: hogs }, () => spawn(process.execPath, [script], { stdio: 'ignore' }))
  try {
    return await work()
  } finally {
    for (const other of others) other.kill()
  }
}

function ratioOf(compared: readonly Compared[], name: string): number {
  return compared.find((one) => one.name === name)?.undisturbed ?? Number.NaN
}

if (process.argv.includes('--write')) await commit()
else await check(JSON.parse(readFileSync(file, 'utf8')) as Ratios)
