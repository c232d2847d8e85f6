/**
 * `jiti test/kills/kills-main.ts [COUNT] [SEED]`: kills a run, or one of its workers, at COUNT places (1,000 by default) that SEED draws, and lets
 * it go on. The report must be that of a run which nobody killed.
 * Exits with 1 where that does not hold. The build must be there.
 */
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stream } from '../../harness/contracts/stream.js'
import { stable } from '../support/stable.js'

const [count = 1_000, seed = 1] = process.argv.slice(2).map(Number)
const main = resolve('dist/harness/cli/main.js')
const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-kills-'))
const args = [
  main,
  'run',
  '.',
  '--no-config',
  '--quiet',
  '--random',
  '300',
  '--json',
  'report.json',
  '--failures',
  'failures.json',
]
const cache = join(folder, 'node_modules', '.cache', 'agent-chaos')

const scenario = `import { defineScenario, say, script } from 'agent-chaos'
export default defineScenario({
  name: 'pay', task: 't', model: script([say('x')]), state: () => ({ paid: 0 }),
  world: ({ state, effect }) => ({ tools: {
    look: async () => 1,
    pay: async () => effect({ kind: 'pay', intent: 1 }, () => void (state.paid += 1)),
  } }),
  agent: async ({ tools }) => {
    await tools.look()
    try { await tools.pay() } catch { await tools.pay() }
  },
  goal: ({ state }) => state.paid > 0, intents: [{ kind: 'pay', id: 1 }], invariants: [],
})
`

interface Ended {
  readonly code: number | null
  readonly said: string
}

function run(more: readonly string[], running?: (pid: number) => void): Promise<Ended> {
  // What an earlier run found would be tried first.
  rmSync(join(folder, 'failures.json'), { force: true })
  return new Promise((settle, reject) => {
    const child = spawn(process.execPath, [...args, ...more], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => settle({ code, said }))
    if (child.pid !== undefined) running?.(child.pid)
  })
}

function journalBytes(): number {
  const [name] = existsSync(cache) ? readdirSync(cache).filter((each) => each.startsWith('journal')) : []
  return name === undefined ? 0 : statSync(join(cache, name)).size
}

/** The command itself, or one that it started. */
function victimOf(pid: number, share: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
  const all = [pid, ...children]
  return all[Math.floor(share * all.length)] ?? pid
}

/** What ends the command; its workers are killed. */
const signals = ['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const

function killAt(bytes: number, share: number, signal: (typeof signals)[number]): Promise<Ended> {
  return run([], (pid) => {
    const look = setInterval(() => {
      if (journalBytes() < bytes) return
      clearInterval(look)
      try {
        const victim = victimOf(pid, share)
        process.kill(victim, victim === pid ? signal : 'SIGKILL')
      } catch {
        // It was over before.
      }
    }, 1)
    look.unref()
  })
}

const reportText = () => JSON.stringify(stable(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))))

mkdirSync(join(folder, 'node_modules'))
symlinkSync(resolve('.'), join(folder, 'node_modules', 'agent-chaos'))
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
writeFileSync(join(folder, 'pay.chaos.js'), scenario)

const { code } = await run([])
const whole = reportText()
let bytes = 0
await run([], (pid) => {
  const look = setInterval(() => {
    bytes = Math.max(bytes, journalBytes())
    if (!existsSync(`/proc/${pid}`)) clearInterval(look)
  }, 1)
  look.unref()
})

const draw = stream(seed, 'kills')
const wrong: string[] = []
let [killed, wentOn] = [0, 0]
for (let index = 1; index <= count; index++) {
  const at = Math.floor(draw() * bytes)
  const signal = signals[Math.floor(draw() * signals.length)] ?? 'SIGKILL'
  const cut = await killAt(at, draw(), signal)
  const isCut = journalBytes() > 0
  if (isCut) killed++
  // Asked to end it says so, or that it has found what the whole run finds; killed it can not.
  if (isCut && cut.code !== null && cut.code !== 130 && cut.code !== code)
    wrong.push(`${signal} ${index}, at ${at} bytes: exit ${cut.code}`)
  const ended = isCut ? await run(['--resume']) : cut
  if (isCut && / [1-9]\d* trials are done/.test(ended.said)) wentOn++
  if (ended.code !== code || reportText() !== whole)
    wrong.push(`kill ${index}, at ${at} bytes: exit ${ended.code}\n${ended.said}`)
  if (index % 50 === 0)
    process.stderr.write(`${index} of ${count}: ${killed} cut off, ${wentOn} went on, ${wrong.length} wrong\n`)
}
rmSync(folder, { recursive: true, force: true })
process.stdout.write(
  `${count} kills, ${killed} cut the run off, ${wentOn} went on, ${wrong.length} came to another report\n`,
)
for (const text of wrong) process.stdout.write(`${text}\n`)
process.exitCode = wrong.length > 0 ? 1 : 0
