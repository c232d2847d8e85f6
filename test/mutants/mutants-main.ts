/**
 * `npm run mutants`: makes mutants of our own code, by a seeded rule, and asks of each whether anything notices. First the
 * selftest's short form does, then the tests that know the file. What is alive is listed by name. Exits with 1 where fewer
 * than 95 % are killed, equivalent ones aside: `equivalent.json` names them, each with its reason.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { stream } from '../../harness/contracts/stream.js'
import { type AreaName, areas, filesOf, testsOf } from './areas.js'
import { type Coverage, reaching } from './coverage.js'
import { type Mutant, mutantsOf, mutate, nameOf } from './operators.js'
import { runNode } from './process.js'
import { Workshop } from './workshop.js'

interface Result {
  readonly name: string
  readonly area: AreaName
  readonly code: string
  readonly state: 'killed' | 'alive' | 'equivalent'
  /** What noticed it, or why it is equivalent, or how near anything came to it. */
  readonly by: string
  readonly seconds: number
}

interface Equivalent {
  readonly file: string
  /** The line that it is in. */
  readonly code: string
  readonly operator: string
  readonly before: string
  readonly because: string
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    each: { type: 'string', default: '42' },
    from: { type: 'string', default: '0' },
    area: { type: 'string', multiple: true },
    name: { type: 'string', multiple: true },
    out: { type: 'string', default: 'mutants.jsonl' },
    least: { type: 'string', default: '0.95' },
    // Asks the tests alone, of mutants that the selftest is known not to notice.
    tests: { type: 'boolean', default: false },
  },
})
const out = resolve(values.out)
const equivalents = JSON.parse(
  readFileSync(join(import.meta.dirname, 'equivalent.json'), 'utf8'),
) as readonly Equivalent[]
const workshop = new Workshop()
process.on('exit', () => workshop.dispose())
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

const trials = 6
/** Of processor time, that the scenarios take on the build as it is. */
const formMsMost = 6_000
/** Every scenario one after the other, with its coverage counted. */
const wholeFormCpuSeconds = 600
const coverage = values.tests ? {} : await measureCoverage()
writeFileSync(out, '')
const results: Result[] = []
for (const area of chosenAreas()) {
  for (const mutant of draw(area)) {
    const began = Date.now()
    const result = { ...(await judge(area, mutant)), seconds: Math.round((Date.now() - began) / 100) / 10 }
    results.push(result)
    appendFileSync(out, `${JSON.stringify(result)}\n`)
    console.log(`${result.state.padEnd(10)} ${result.seconds.toFixed(1).padStart(6)} s  ${result.name}  [${result.by}]`)
  }
}
process.exit(summarise(results))

function chosenAreas(): AreaName[] {
  const names = Object.keys(areas) as AreaName[]
  return names.filter((name) => values.area === undefined || values.area.includes(name))
}

/** By seed, among all mutants of an area. Where more are asked for, the first of them are the same. */
function draw(area: AreaName): Mutant[] {
  const all = filesOf(area).flatMap((file) => mutantsOf(file, workshop.read(file)))
  const { name: names } = values
  if (names !== undefined) return all.filter((mutant) => names.some((name) => nameOf(mutant).includes(name)))
  const random = stream(Number(values.seed), `mutants ${area}`)
  const order = all.map((mutant) => ({ mutant, at: random() })).sort((left, right) => left.at - right.at)
  return order.slice(Number(values.from), Number(values.from) + Number(values.each)).map(({ mutant }) => mutant)
}

async function judge(area: AreaName, mutant: Mutant): Promise<Omit<Result, 'seconds'>> {
  const { file, code } = mutant
  const known = equivalents.find(
    (one) => one.file === file && one.code === code && one.operator === mutant.operator && one.before === mutant.before,
  )
  const about = { name: nameOf(mutant), area, code }
  if (known) return { ...about, state: 'equivalent', by: known.because }
  const scenarios = reaching(coverage, file, mutant.start, formMsMost)
  const tests = testsOf(area, file)
  const by = await workshop.withFile(file, mutate(workshop.read(file), mutant), async () => {
    const form = scenarios.length > 0 ? await selftest(scenarios) : undefined
    return form ?? (await test(tests))
  })
  const near = scenarios.length > 0 ? `run by ${scenarios.length} scenarios` : 'not covered by the selftest'
  return by === undefined ? { ...about, state: 'alive', by: near } : { ...about, state: 'killed', by }
}

/** What it says, or `undefined` where it notices nothing. */
async function selftest(files: readonly string[]): Promise<string | undefined> {
  const options = JSON.stringify({ files, trials, seed: 1 })
  const { code, stdout, stderr } = await runNode(workshop.folder, ['test/mutants/form.mjs', options])
  if (code === 0) return undefined
  const said = /\{"wrong":.*\}\s*$/.exec(stdout)?.[0]
  const wrong = said === undefined ? undefined : (JSON.parse(said) as { readonly wrong: readonly string[] }).wrong[0]
  return `selftest: ${wrong ?? firstLine(stderr) ?? `ended with ${code}`}`.slice(0, 160)
}

async function test(files: readonly string[]): Promise<string | undefined> {
  if (files.length === 0) return undefined
  const report = join(workshop.folder, 'tests.json')
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--bail', '1', '--reporter', 'json', '--outputFile', report]
  const { code } = await runNode(workshop.folder, [...vitest, ...files])
  if (code === 0) return undefined
  const { testResults = [] } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {}
  const failed = testResults.flatMap(({ name, assertionResults }: { name: string; assertionResults: Assertion[] }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `${name.split('/').at(-1)}: ${fullName}`),
  )
  return `test: ${failed[0] ?? `ended with ${code}`}`.slice(0, 200)
}

interface Assertion {
  readonly status: string
  readonly fullName: string
}

function firstLine(text: string): string | undefined {
  return text
    .split('\n')
    .find((line) => /error|exception/i.test(line))
    ?.trim()
}

/** Of the build as it is, which must pass. */
async function measureCoverage(): Promise<Coverage> {
  const path = join(workshop.folder, 'coverage.json')
  const form = ['test/mutants/form.mjs', JSON.stringify({ trials, seed: 1, coverage: path })]
  const { code, stderr } = await runNode(workshop.folder, form, wholeFormCpuSeconds)
  if (code !== 0) throw new Error(`the selftest's short form does not run on the build as it is: ${stderr.slice(-500)}`)
  const coverage = JSON.parse(readFileSync(path, 'utf8')) as Coverage
  const wrong = Object.values(coverage).flatMap(({ wrong }) => wrong)
  if (wrong.length > 0) throw new Error(`the build as it is does not pass the short form: ${wrong.join('; ')}`)
  return coverage
}

/** The exit code. */
function summarise(results: readonly Result[]): number {
  const count = (state: Result['state'], of: readonly Result[] = results) =>
    of.filter((one) => one.state === state).length
  for (const area of chosenAreas()) {
    const of = results.filter((one) => one.area === area)
    console.log(
      `${area}: ${of.length} mutants, ${count('killed', of)} killed, ${count('alive', of)} alive, ${count('equivalent', of)} equivalent`,
    )
  }
  const [killed, alive] = [count('killed'), count('alive')]
  const share = killed / Math.max(1, killed + alive)
  const bySelftest = results.filter(({ state, by }) => state === 'killed' && by.startsWith('selftest')).length
  console.log(
    `seed ${values.seed}: ${results.length} mutants, ${killed} killed (${bySelftest} by the selftest), ${alive} alive, ${count('equivalent')} equivalent: ${(share * 100).toFixed(1)} % killed`,
  )
  return share >= Number(values.least) ? 0 : 1
}
