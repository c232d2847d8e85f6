/**
 * `jiti test/kills/kills-main.ts [COUNT] [--seed N] [--on redis|postgres] [--from RUN]`: kills runs in COUNT places that the seed draws, 1,000
 * by default, and lets them go on. Whom it kills: the parent, one of its workers, or the parent amid writing. Over a queue, the
 * coordinator, a machine, its worker process and the server. Each report must be that of a run which nobody killed, and at most 5 %
 * of the trials may run again for each kill. `--from` begins with a later run. Exits with 1 where that does not hold. The build must be
 * there, and so must the server's program.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../queue/postgres.js'
import { startRedis } from '../queue/redis.js'
import type { StartServer } from '../queue/server.js'
import { beginWorker, Chain, type Outcome, type Queue, type Whole } from './chain.js'
import { drawKills, drawVictims, victimsAlone, victimsQueued } from './draw.js'
import { beginRun, forget, journalBytes, makeProject, type Project, reportIn, until } from './project.js'

const servers: Readonly<Record<string, StartServer>> = { redis: startRedis, postgres: startPostgres }
/** The share of trials that may run again for each kill. */
const againMost = 0.05
/** Kills of one run. */
const atOnce = 16

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, on: { type: 'string' }, from: { type: 'string', default: '1' } },
})
const [count, seed] = [Number(positionals[0] ?? 1_000), Number(values.seed)]

async function runWhole(project: Project, queue: Queue | undefined): Promise<Whole> {
  const from = performance.now()
  const url = queue ? ['--queue', queue.server.url] : []
  const led = beginRun(project, 'whole.json', url, queue ? {} : project.tally.next())
  let [bytes, startMs] = [0, 0]
  await until(() => {
    bytes = Math.max(bytes, journalBytes(project))
    if (bytes > 0 && startMs === 0) startMs = performance.now() - from
    return led.isOver()
  })
  const { code } = await led.ended
  forget(project)
  const { totals } = JSON.parse(readFileSync(join(project.folder, 'whole.json'), 'utf8'))
  const report = reportIn(project, 'whole.json')
  return { code, report, trials: totals.trials, begun: project.tally.take(), bytes, startMs }
}

async function openQueue(project: Project, within: string, start: StartServer): Promise<Queue> {
  // PostgreSQL does not run as root.
  chmodSync(within, 0o711)
  mkdirSync(join(within, 'server'))
  const server = await start(join(within, 'server'))
  return { server, workers: [beginWorker(project, server), beginWorker(project, server)] }
}

async function closeQueue({ server, workers }: Queue): Promise<void> {
  for (const { pid } of workers) process.kill(pid, 'SIGINT')
  await Promise.all(workers.map(({ ended }) => ended))
  await server.stop()
}

const sum = <T>(all: readonly T[], of: (one: T) => number) => all.reduce((total, one) => total + of(one), 0)

/** What is wrong with a run that was killed. Kills that did not end the command are counted with the next one that did. */
function wrongIn({ again, struck, wrong }: Outcome, whole: Whole): readonly string[] {
  const tooMany = again.filter(({ kills, trials }) => trials < 0 || trials > kills * whole.trials * againMost)
  const counts = tooMany.map(({ kills, trials }) => `${trials} trials ran again for ${kills} kills`)
  return [...wrong, ...(counts.length > 0 ? [`${struck.join(', ')}: ${counts.join('; ')}`] : [])]
}

function tell(outcomes: readonly Outcome[], whole: Whole, wrong: readonly string[]): string {
  const struck = outcomes.flatMap((one) => one.struck)
  const victims = [...new Set(struck)].sort().map((one) => `${one} ${struck.filter((other) => other === one).length}`)
  const again = outcomes.flatMap((one) => one.again)
  const share = (sum(again, ({ trials }) => trials) * 100) / (Math.max(1, struck.length) * whole.trials)
  const most = Math.max(0, ...again.map(({ trials, kills }) => (trials * 100) / (Math.max(1, kills) * whole.trials)))
  return [
    `${struck.length} kills (${victims.join('; ')}) of ${outcomes.length} runs of ${whole.trials} trials`,
    `${sum(outcomes, (one) => one.cutOff)} ended the command, which went on from its journal ${sum(outcomes, (one) => one.wentOn)} times`,
    `for each kill ${share.toFixed(2)} % of the trials ran again, and ${most.toFixed(2)} % at the most`,
    `${wrong.length} wrong`,
  ].join('\n')
}

const within = mkdtempSync(join(tmpdir(), 'agent-chaos-kills-'))
const project = await makeProject(within)
const start = values.on === undefined ? undefined : servers[values.on]
if (values.on !== undefined && !start) throw new Error(`expected --on redis or --on postgres, got ${values.on}`)
const queue = start && (await openQueue(project, within, start))
const alone = await runWhole(project, undefined)
const whole = queue ? { ...(await runWhole(project, queue)), report: alone.report } : alone
const victims = drawVictims(seed, count, queue ? victimsQueued : victimsAlone)
const outcomes: Outcome[] = []
const wrong: string[] = []
victims.splice(0, atOnce * (Number(values.from) - 1))
for (let run = Number(values.from); victims.length > 0; run++) {
  const outcome = await Chain.run(project, whole, drawKills(seed, run, victims.splice(0, atOnce)), queue)
  victims.push(...outcome.missed)
  outcomes.push(outcome)
  const found = wrongIn(outcome, whole).map((text) => `run ${run}: ${text}`)
  wrong.push(...found)
  process.stderr.write(`run ${run}: ${JSON.stringify({ ...outcome, wrong: found })}\n`)
}
if (queue) await closeQueue(queue)
rmSync(within, { recursive: true, force: true })
process.stdout.write(`${tell(outcomes, whole, wrong)}\n`)
for (const text of wrong) process.stdout.write(`${text}\n`)
process.exitCode = wrong.length > 0 ? 1 : 0
