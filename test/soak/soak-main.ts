/**
 * `jiti test/soak/soak-main.ts [MINUTES] [--workers N] [--write]`: runs the scenarios that ship again and again in one process (60 minutes by
 * default), and prints after each round what it holds: memory of this process and of its workers, descriptors, processes, folders. Exits
 * with 1 where a round is not as the first, or where the last third holds more than the second by a quarter. `--write` puts the figures
 * into the docs. The build must be there.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, release, tmpdir, type } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runCampaign } from 'agent-chaos'
import { withTable } from '../readme/detection.js'
import { stable } from '../support/stable.js'
import { type Figures, growthIn, tableOf } from './figures.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workers: { type: 'string', default: String(availableParallelism()) },
    write: { type: 'boolean', default: false },
  },
})
const minutes = Number(positionals[0] ?? 60)
const workers = Number(values.workers)
const temporary = mkdtempSync(join(tmpdir(), 'soak-'))
process.env.TMPDIR = temporary

const statusOf = (pid: number | 'self') => {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}
const residentMb = (pid: number | 'self') => Number(/^VmRSS:\s*(\d+) kB/m.exec(statusOf(pid))?.[1] ?? 0) / 1_000
const children = () =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

/** What is held now, after a round. */
function look(): Pick<Figures, 'parentMb' | 'descriptors' | 'processes' | 'folders'> {
  return {
    parentMb: Math.round(residentMb('self')),
    descriptors: readdirSync('/proc/self/fd').length,
    processes: children().length,
    folders: readdirSync(temporary).filter((name) => name !== 'agent-chaos-compiled').length,
  }
}

const files = readdirSync('scenarios')
  .filter((name) => name.endsWith('.chaos.ts'))
  .map((name) => `scenarios/${name}`)

async function runRound(): Promise<{ readonly found: string; readonly trials: number; readonly workersMb: number }> {
  let workersMb = 0
  const looking = setInterval(() => {
    const now = children().reduce((sum, pid) => sum + residentMb(pid), 0)
    workersMb = Math.max(workersMb, Math.round(now))
  }, 200)
  const report = await runCampaign({ files, seed: 1, trialsMax: 60, workers })
  clearInterval(looking)
  return { found: JSON.stringify(stable(report)), trials: report.totals.trials, workersMb }
}

const begun = performance.now()
const all: Figures[] = []
const wrong: string[] = []
let first: string | undefined
for (let round = 1; performance.now() - begun < minutes * 60_000; round++) {
  const { found, ...ran } = await runRound()
  first ??= found
  if (found !== first) wrong.push(`round ${round} came to another report`)
  const figures = { minute: Math.round((performance.now() - begun) / 6_000) / 10, round, ...ran, ...look() }
  all.push(figures)
  process.stdout.write(`${JSON.stringify(figures)}\n`)
}
wrong.push(...growthIn(all))
rmSync(temporary, { recursive: true, force: true })
for (const text of wrong) process.stdout.write(`${text}\n`)

const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${type()} ${release()}, Node ${process.version}`
const differing = wrong.filter((text) => text.startsWith('round')).length
const trials = all.reduce((sum, one) => sum + one.trials, 0)
const text = [
  `On ${machine}, with ${workers} worker ${workers === 1 ? 'process' : 'processes'} at a time.`,
  `In ${minutes} minutes there were ${all.length} rounds and ${trials} trials. ${differing || 'None'} of them came to another report than the first.`,
  '',
  tableOf(all, minutes),
].join('\n')
process.stdout.write(`${text}\n${wrong.length} wrong\n`)
if (values.write) {
  writeFileSync('docs/limits.md', withTable(readFileSync('docs/limits.md', 'utf8'), text, 'soak'))
}
process.exitCode = wrong.length > 0 ? 1 : 0
