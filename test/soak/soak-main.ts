/**
 * `jiti test/soak/soak-main.ts [MINUTES]`: runs the scenarios that ship again and again in one process (60 minutes by default), and writes
 * after each round what it holds: memory of this process and of its workers, descriptors, processes, folders. Exits with 1 where a
 * round is not as the first, or where the last third holds more than the second by a quarter. The build must be there.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCampaign } from 'agent-chaos'
import { stable } from '../support/stable.js'

const [minutes = 60] = process.argv.slice(2).map(Number)
const temporary = mkdtempSync(join(tmpdir(), 'soak-'))
process.env.TMPDIR = temporary

interface Figures {
  readonly minute: number
  readonly round: number
  readonly parentMb: number
  readonly workersMb: number
  readonly descriptors: number
  readonly processes: number
  readonly folders: number
}

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

function figures(round: number, begun: number, workersMb: number): Figures {
  return {
    minute: Math.round((performance.now() - begun) / 6_000) / 10,
    round,
    parentMb: Math.round(residentMb('self')),
    workersMb: Math.round(workersMb),
    descriptors: readdirSync('/proc/self/fd').length,
    processes: children().length,
    folders: readdirSync(temporary).filter((name) => name !== 'agent-chaos-compiled').length,
  }
}

const files = readdirSync('scenarios')
  .filter((name) => name.endsWith('.chaos.ts'))
  .map((name) => `scenarios/${name}`)
const begun = performance.now()
const all: Figures[] = []
const wrong: string[] = []
let first: string | undefined
for (let round = 1; performance.now() - begun < minutes * 60_000; round++) {
  let workersMb = 0
  const look = setInterval(() => {
    workersMb = Math.max(
      workersMb,
      children().reduce((sum, pid) => sum + residentMb(pid), 0),
    )
  }, 200)
  const report = await runCampaign({ files, seed: 1, trialsMax: 60 })
  clearInterval(look)
  const found = JSON.stringify(stable(report))
  first ??= found
  if (found !== first) wrong.push(`round ${round} came to another report`)
  const now = figures(round, begun, workersMb)
  all.push(now)
  process.stdout.write(`${JSON.stringify(now)}\n`)
}
const [second, last] = [all.slice(all.length / 3, (all.length * 2) / 3), all.slice((all.length * 2) / 3)]
for (const what of ['parentMb', 'workersMb', 'descriptors', 'processes', 'folders'] as const) {
  const mean = (some: readonly Figures[]) => some.reduce((sum, one) => sum + one[what], 0) / Math.max(1, some.length)
  if (mean(last) > mean(second) * 1.25 + 1) wrong.push(`${what} grew from ${mean(second)} to ${mean(last)}`)
}
rmSync(temporary, { recursive: true, force: true })
for (const text of wrong) process.stdout.write(`${text}\n`)
process.stdout.write(`${all.length} rounds in ${minutes} minutes, ${wrong.length} wrong\n`)
process.exitCode = wrong.length > 0 ? 1 : 0
