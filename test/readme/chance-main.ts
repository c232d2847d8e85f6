/**
 * `jiti test/readme/chance-main.ts [NAME]`: prints how many trials each planted bug takes until it is found, by the search and by plans at
 * uniform chance. Each crossing is struck at one rate by any fault that fits, and the rate that is best for the bug counts.
 * All in one process, where a crash is soft. Takes a long time.
 */
import 'agent-chaos/register'
import { basename } from 'node:path'
import type { Scenario } from 'agent-chaos'
import { globSync } from 'tinyglobby'
import type { Executor } from '../../harness/contracts/executor.js'
import type { FaultProfile } from '../../harness/contracts/profile.js'
import { trialSeed } from '../../harness/contracts/stream.js'
import { inProcess } from '../../harness/executors/in-process/executor.js'
import { search } from '../../harness/search/search.js'
import { root } from '../support/cli/command.js'

const rates = [0.02, 0.05, 0.1, 0.2, 0.4]
const repetitions = 5
const trialsMax = 500

/** The number of the first trial that violates what is expected; one more than the most where none does. */
async function firstByChance(executor: Executor, violates: string, faultRate: number, seed: number): Promise<number> {
  const weights = Object.fromEntries(executor.facts.faults.map(({ name }) => [name, 1]))
  const profile: FaultProfile = { name: null, faultRate, weights, bursts: null, outages: null, sites: [] }
  for (let trial = 1; trial <= trialsMax; trial++) {
    const spec = { plan: [], profile, seed: trialSeed(seed, 'measure', trial), detail: 'brief' } as const
    const [record] = await executor.run([spec])
    const isFound = record?.judgements.some(
      ({ invariant, verdict }) => invariant === violates && verdict.kind === 'violated',
    )
    if (isFound) return trial
  }
  return trialsMax + 1
}

async function medianAt(executor: Executor, violates: string, rate: number): Promise<number> {
  const firsts: number[] = []
  for (let seed = 1; seed <= repetitions; seed++) firsts.push(await firstByChance(executor, violates, rate, seed))
  return firsts.sort((left, right) => left - right)[repetitions >> 1] ?? trialsMax + 1
}

interface Row {
  readonly name: string
  readonly searched: number | undefined
  readonly byChance: number
  readonly rate: number
}

async function rowOf(file: string): Promise<Row | undefined> {
  const { default: scenario } = (await import(file)) as { readonly default: Scenario }
  const violates = scenario.expect?.violates
  if (violates === undefined) return undefined
  const executor = inProcess(scenario)
  const { violations } = await search(executor, { seed: 1, trialsMax, randomPlans: 'fill', command: () => '' })
  const searched = violations.find(({ invariant }) => invariant === violates)?.foundAfterTrials
  let best = { byChance: trialsMax + 1, rate: 0 }
  for (const rate of rates) {
    const byChance = await medianAt(executor, violates, rate)
    if (byChance < best.byChance) best = { byChance, rate }
  }
  process.stderr.write(`${basename(file)}: ${searched} by search, ${best.byChance} at ${best.rate}\n`)
  return { name: scenario.name, searched, ...best }
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ name, searched, byChance, rate }) => {
    const chance = byChance > trialsMax ? `over ${trialsMax}` : String(byChance)
    return `| ${name} | ${searched ?? 'not in one process'} | ${chance} | ${byChance > trialsMax ? '' : rate} |`
  })
  return ['| planted bug | search | by chance | best rate |', '| --- | --: | --: | --: |', ...lines].join('\n')
}

const files = globSync(['scenarios/canaries/*.chaos.ts', 'scenarios/planted/*.ts'], {
  cwd: root,
  absolute: true,
}).sort()
const [wanted = ''] = process.argv.slice(2)
const rows: Row[] = []
for (const file of files.filter((one) => basename(one).includes(wanted))) {
  const row = await rowOf(file)
  if (row) rows.push(row)
}
console.log(tableOf(rows))
