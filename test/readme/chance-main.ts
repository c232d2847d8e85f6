/**
 * `jiti test/readme/chance-main.ts [--write] [NAME]`: prints how many trials each planted bug takes until it is found, by the search and by plans at
 * uniform chance. Each crossing is struck at one rate by any fault that fits, and the rate that is best for the bug counts.
 * All in one process, where a crash is soft. Takes a long time.
 */
import 'agent-chaos/register'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Scenario } from 'agent-chaos'
import { globSync } from 'tinyglobby'
import type { Executor } from '../../harness/contracts/executor.js'
import type { FaultProfile } from '../../harness/contracts/profile.js'
import { trialSeed } from '../../harness/contracts/stream.js'
import { inProcess } from '../../harness/executors/in-process/executor.js'
import { search } from '../../harness/search/search.js'
import { root } from '../support/cli/command.js'
import { withTable } from './detection.js'

const rates = [0.02, 0.05, 0.1, 0.2, 0.4]
const repetitions = 5
const trialsMax = 500

/** The number of the first trial that violates what is expected, if it is one of the first `most`. */
async function firstByChance({ executor, violates }: Bug, faultRate: number, seed: number, most: number) {
  const weights = Object.fromEntries(executor.facts.faults.map(({ name }) => [name, 1]))
  const profile: FaultProfile = { name: null, faultRate, weights, bursts: null, outages: null, sites: [] }
  for (let trial = 1; trial <= most; trial++) {
    const spec = { plan: [], profile, seed: trialSeed(seed, 'measure', trial), detail: 'brief' } as const
    const [record] = await executor.run([spec])
    const isFound = record?.judgements.some(
      ({ invariant, verdict }) => invariant === violates && verdict.kind === 'violated',
    )
    if (isFound) return trial
  }
  return undefined
}

/** Over all repetitions, if it is `most` or less. Given up as soon as it cannot be. */
async function medianAt(bug: Bug, rate: number, most: number): Promise<number | undefined> {
  const firsts: number[] = []
  for (let seed = 1; seed <= repetitions; seed++) {
    const first = await firstByChance(bug, rate, seed, most)
    if (first !== undefined) firsts.push(first)
    if (seed - firsts.length > repetitions >> 1) return undefined
  }
  return firsts.sort((left, right) => left - right)[repetitions >> 1]
}

interface Bug {
  readonly executor: Executor
  readonly violates: string
}

interface Best {
  readonly trials: number
  readonly rate: number
}

async function bestByChance(bug: Bug): Promise<Best | undefined> {
  let best: Best | undefined
  for (const rate of rates) {
    const trials = await medianAt(bug, rate, best === undefined ? trialsMax : best.trials - 1)
    if (trials !== undefined) best = { trials, rate }
  }
  return best
}

interface Row {
  readonly name: string
  readonly searched: number | undefined
  readonly byChance: Best | undefined
}

async function rowOf(file: string): Promise<Row | undefined> {
  const { default: scenario } = (await import(file)) as { readonly default: Scenario }
  const violates = scenario.expect?.violates
  if (violates === undefined) return undefined
  const executor = inProcess(scenario)
  const { violations } = await search(executor, { seed: 1, trialsMax, randomPlans: 'fill', command: () => '' })
  const searched = violations.find(({ invariant }) => invariant === violates)?.foundAfterTrials
  const byChance = await bestByChance({ executor, violates })
  process.stderr.write(`${basename(file)}: ${searched} by search, ${byChance?.trials} at ${byChance?.rate}\n`)
  return { name: scenario.name, searched, byChance }
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ name, searched, byChance }) =>
      `| ${name} | ${searched ?? 'not in one process'} | ${byChance?.trials ?? `over ${trialsMax}`} | ${byChance?.rate ?? ''} |`,
  )
  return ['| planted bug | search | by chance | best rate |', '| --- | --: | --: | --: |', ...lines].join('\n')
}

/** What is not found counts as more than any number. */
function summaryOf(rows: readonly Row[]): string {
  const middle = (counts: readonly (number | undefined)[]) =>
    counts.map((count) => count ?? Number.POSITIVE_INFINITY).sort((left, right) => left - right)[counts.length >> 1]
  const [searched, byChance] = [rows.map((row) => row.searched), rows.map((row) => row.byChance?.trials)]
  const countMissed = (counts: readonly (number | undefined)[]) => counts.filter((count) => count === undefined).length
  return [
    `${rows.length} bugs. The median is ${middle(searched)} trials by the search, and ${middle(byChance)} by chance.`,
    `Not found here: ${countMissed(searched)} by the search, ${countMissed(byChance)} by chance.`,
  ].join(' ')
}

const files = globSync(['scenarios/canaries/*.chaos.ts', 'scenarios/planted/*.ts'], {
  cwd: root,
  absolute: true,
}).sort()
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
})
const [wanted = ''] = positionals
const rows: Row[] = []
for (const file of files.filter((one) => basename(one).includes(wanted))) {
  const row = await rowOf(file)
  if (row) rows.push(row)
}
const table = `${summaryOf(rows)}\n\n${tableOf(rows)}`
if (values.write) {
  const page = join(root, 'docs/planted-bugs.md')
  writeFileSync(page, withTable(readFileSync(page, 'utf8'), table, 'chance'))
} else {
  console.log(table)
}
