/** A short run in which a worker is killed at one of its messages, and what came of it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report } from '../../../harness/contracts/report/report.js'
import { agentChaos, type Ended, root } from './command.js'

/** When a worker dies of a message that it sends; one that it has received it never answers. */
export const ways = ['before', 'within', 'after'] as const

export interface Killing {
  /** Which message it is, counted over all workers from 1. */
  readonly at: number
  readonly way: (typeof ways)[number]
}

export interface Outcome extends Ended {
  /** How many messages there were. */
  readonly messages: number
  readonly hasDied: boolean
  readonly report: Report
  /** Processes and temporary files that outlived the run. */
  readonly left: readonly string[]
}

const preload = join(root, 'test/fixtures/deaths/dies-at.cjs')
const args = [
  'run',
  'test/fixtures/deaths/pays.chaos.ts',
  '--no-config',
  '--no-measure',
  '--trials-max',
  '2',
  '--quiet',
]

/** Nobody dies where nothing is said of it. */
export async function runKilled(
  { at, way }: Killing = { at: Number.MAX_SAFE_INTEGER, way: 'before' },
): Promise<Outcome> {
  const deaths = mkdtempSync(join(tmpdir(), 'agent-chaos-deaths-'))
  const temporary = mkdtempSync(join(tmpdir(), 'agent-chaos-tmp-'))
  const mine = ['--workers', '1', '--failures', join(deaths, 'failures.json'), '--json', join(deaths, 'report.json')]
  const env = { NODE_OPTIONS: `--require "${preload}"`, DEATHS: deaths, DEATH_AT: String(at), DEATH_WAY: way }
  const ended = await agentChaos([...args, ...mine], { env: { ...env, TMPDIR: temporary } })
  const files = readdirSync(deaths)
  const outcome = {
    ...ended,
    messages: statSync(join(deaths, 'messages')).size,
    hasDied: files.includes('died'),
    report: JSON.parse(readFileSync(join(deaths, 'report.json'), 'utf8')) as Report,
    left: await leftAfter(deaths, temporary),
  }
  for (const folder of [deaths, temporary]) rmSync(folder, { recursive: true, force: true })
  return outcome
}

const looksMost = 200

/** The shell that takes away what a run left is itself a process, and may be about to end: it is looked at again. */
async function leftAfter(deaths: string, temporary: string): Promise<string[]> {
  for (let looks = 1; ; looks++) {
    const files = readdirSync(temporary).filter((name) => name !== 'agent-chaos-compiled')
    const left = [...files, ...processesWith(`DEATHS=${deaths}`)]
    if (left.length === 0 || looks === looksMost) return left
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** By their environment, which all of a run have in common. */
function processesWith(variable: string): string[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return numbers.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(variable)
    } catch {
      return false
    }
  })
}
