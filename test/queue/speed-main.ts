/**
 * `jiti test/queue/speed-main.ts [--write]`: real runs over a queue on each kind of server, with 1, 2 and 4 worker processes, and what more
 * would do. Prints the table, or with `--write` puts it into the docs. The build must be there, and redis-server and PostgreSQL.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TrialSpec } from '../../harness/contracts/executor.js'
import { Coordinator, QueueServer } from '../../harness/executors/queue/index.js'
import { rangeLength } from '../../harness/executors/queue/protocol.js'
import { withTable } from '../readme/detection.js'
import { makeExecutor } from '../support/campaign/shards.js'
import { agentChaos, root } from '../support/cli/command.js'
import { makePayer } from '../support/cli/payer.js'
import { startPostgres } from './postgres.js'
import { startRedis } from './redis.js'
import { type Measured, tableOf } from './speed.js'

const processesHere = [1, 2, 4]
const processesBeyond = [8, 16, 64]
const rangesCounted = 300
const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-speed-'))
const project = join(folder, 'project')
const runArgs = ['run', '.', '--no-config', '--quiet', '--no-measure', '--random', '2000', '--failures', 'none.json']

interface Timed {
  readonly rate: number
  readonly trialMs: number
}

async function timedRun(...more: string[]): Promise<Timed> {
  const { code, stderr } = await agentChaos([...runArgs, '--json', 'report.json', ...more], { cwd: project })
  if (code !== 1) throw new Error(`the run ended with ${code}: ${stderr}`)
  rmSync(join(project, 'none.json'), { force: true })
  const { totals, scenarios } = JSON.parse(readFileSync(join(project, 'report.json'), 'utf8'))
  const { wallMs } = scenarios[0].timing
  return { rate: (totals.trials * 1_000) / wallMs, trialMs: wallMs / totals.trials }
}

/** By workers that were there before. */
async function rateOf(url: string, processes: number): Promise<number> {
  let pid = 0
  const args = ['work', '--queue', url, '--workers', String(processes), '--wait', '600']
  const worker = agentChaos(args, { cwd: project, running: (id) => (pid = id) })
  const { rate } = await timedRun('--queue', url)
  process.kill(pid, 'SIGINT')
  await worker
  return rate
}

/** Milliseconds from one range to the next where its trials take no time, with so many at once. */
async function rangeMs(url: string, atOnce: number): Promise<number> {
  const server = await QueueServer.connect(url, (trouble) => process.stderr.write(`${trouble}\n`))
  const run = { version: '0', host: 'here', root: '/', files: [], code: {}, trialTimeout: 1, memoryMax: 1 }
  const coordinator = await Coordinator.lead(server, {
    ...run,
    id: 'speed',
    resume: false,
    onFleet: () => {},
    onRefusal: () => {},
  })
  const nature = { salt: 7, violating: 0, inconclusive: 0, vacuous: 0, failing: 0, landing: 0.9, leaking: 0, killed: 0 }
  const executor = makeExecutor('pay', nature)
  const source = { package: null, file: 'pay.chaos.ts', digest: '' }
  const specs = Array.from(
    { length: rangeLength(1_000) },
    (_, seed): TrialSpec => ({ plan: [], seed, detail: 'brief' }),
  )
  const records = (await executor.run(specs)).flatMap((record) => record ?? [])
  const worker = server.worker('speed', atOnce, async () => ({ by: 'here', records, changes: [], secrets: [] }))
  await coordinator.begin({ source, specs }).result
  const from = performance.now()
  await Promise.all(Array.from({ length: rangesCounted }, () => coordinator.begin({ source, specs }).result))
  const ms = (performance.now() - from) / rangesCounted
  await worker.close()
  await coordinator.end()
  await server.close()
  return ms
}

async function measure(engine: string, url: string, trial: number): Promise<Measured> {
  const rates = new Map<number, number>()
  for (const processes of processesHere) rates.set(processes, await rateOf(url, processes))
  return { engine, rates, costs: { trial, range: await rangeMs(url, 1), together: await rangeMs(url, 16) } }
}

/** Others that want to work: before anything of this is begun. */
const busy = Math.round(loadavg()[0] ?? 0)
chmodSync(folder, 0o711)
for (const name of ['redis', 'postgres']) mkdirSync(join(folder, name))
await makePayer(project)
const alone = await timedRun('--workers', '1')
const measured: Measured[] = []
for (const [name, start] of [
  ['Redis', startRedis],
  ['PostgreSQL', startPostgres],
] as const) {
  const server = await start(join(folder, name === 'Redis' ? 'redis' : 'postgres'))
  measured.push(await measure(name, server.url, alone.trialMs))
  await server.stop()
}
rmSync(folder, { recursive: true })

const costs = measured.map(
  ({ engine, costs: { trial, range, together } }) =>
    `${engine}: ${range.toFixed(1)} ms for a range alone (${((range * 100) / (trial * rangeLength(1_000))).toFixed(1)} % of its trials), ${together.toFixed(1)} ms each where 16 run at once.`,
)
const text = [
  `On a machine of ${cpus().length} cores, for which ${busy} other processes asked all the time. A range had ${rangeLength(1_000)} trials.`,
  `Without a queue, one process ran ${Math.round(alone.rate)} trials a second: ${alone.trialMs.toFixed(1)} ms each.`,
  ...costs,
  '',
  tableOf(measured, [...processesHere, ...processesBeyond]),
].join('\n')
if (process.argv.includes('--write')) {
  const page = join(root, 'docs/guides/machines.md')
  writeFileSync(page, withTable(readFileSync(page, 'utf8'), text, 'speed'))
} else {
  process.stdout.write(`${text}\n`)
}
process.exit()
