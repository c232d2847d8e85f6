/** What a user waits for, from the keystroke on. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { root } from '../../support/cli/command.js'
import { type Timed, timeCommand } from '../measuring/command.js'
import { watchCpu } from '../measuring/processes.js'
import { median } from '../measuring/rounds.js'
import { type BenchFile, compareWithAim, goalHead, seconds } from '../table.js'

const refund = 'scenarios/refund.chaos.ts'
const failing = 'test/bench/scenarios/failing-refund.chaos.ts'
const replayArgs = ['replay', refund, '--seed', '1', '--plan', 'http:"POST payments.example.com/*"#1 = http/reply-lost']
const firstViolation = /[1-9]\d* violation|effects-exactly-once/

export const startUp: BenchFile = {
  name: 'start-up',
  title: 'what a user waits for',
  run: async () => {
    const run = await repeat(3, () => timeCommand(['run', refund]))
    const found = await repeat(3, () => timeCommand(['run', failing], { sees: firstViolation, code: 1 }))
    const all = await timeCommand(['run', 'scenarios/'])
    const replay = await repeat(5, () => timeCommand(replayArgs))
    const list = await repeat(5, () => timeCommand(['list', refund]))
    const plain = await repeat(5, timePlain)
    const ms = (some: readonly { readonly ms: number }[]) => median(some.map((one) => one.ms))
    const seen = median(found.map(({ seenMs }) => seenMs ?? Number.NaN))
    const rowOf = (what: string, value: number, atMost: number, was: string) => [
      what,
      ...compareWithAim(value, { atMost }, seconds),
      was,
    ]
    return {
      head: goalHead,
      rows: [
        rowOf(`\`run ${refund}\``, ms(run), 1_500, '4.8 s'),
        rowOf('a failing agent: first violation on the screen', seen, 1_000, ''),
        rowOf('`run scenarios/`', all.ms, 6_000, '14 to 23 s'),
        rowOf('`replay` of one plan of refund', ms(replay), 600, '1.6 s'),
        rowOf(`\`list ${refund}\``, ms(list), 600, '1.6 s'),
        ['the same packages, loaded by Node alone', seconds(ms(plain)), '', ''],
      ],
    }
  },
}

/**
 * The processor time of `list`, as many times as what Node takes to load what its scenario loads. The best of each, for other work
 * only ever adds to it.
 */
export async function compareStartUp(pairs: number): Promise<number> {
  const seen: { readonly list: number; readonly plain: number }[] = []
  for (let pair = 0; pair < pairs; pair++) {
    const { cpuMs: plain } = await timePlain()
    seen.push({ plain, list: (await timeCommand(['list', refund])).cpuMs })
  }
  const best = (name: 'list' | 'plain') => Math.min(...seen.map((one) => one[name]))
  return best('list') / best('plain')
}

const loads = ['@anthropic-ai/sdk', 'zod', 'cockatiel', '@opentelemetry/api']

async function timePlain(): Promise<Timed> {
  const from = performance.now()
  const code = loads.map((name) => `await import('${name}');`).join('')
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: root, stdio: 'ignore' })
  const cpu = watchCpu(child.pid ?? 0)
  const [ended] = await once(child, 'exit')
  if (ended !== 0) throw new Error(`Node alone could not load ${loads.join(', ')}: exit code ${ended}`)
  return { ms: performance.now() - from, cpuMs: cpu() }
}

async function repeat<T>(count: number, work: () => Promise<T>): Promise<readonly T[]> {
  const all: T[] = []
  for (let n = 0; n < count; n++) all.push(await work())
  return all
}
