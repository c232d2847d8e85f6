/**
 * `jiti test/replays/replays-main.ts [COUNT]`: lets the search find COUNT failures (1,000 by default) among the planted bugs, under one
 * seed after the other. Each is replayed by the line that was printed, in a process of its own. Its digest must be the one that was reported.
 * Exits with 1 where one differs, or where a kind of ending was not among them. The build must be there.
 */
import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'

const wanted = Number(process.argv[2] ?? 1_000)
const isWhole = wanted >= 1_000
const main = 'dist/harness/cli/main.js'
const out = join(tmpdir(), `agent-chaos-replays-${process.pid}.json`)
/** What a trial whose agent failed can end with. */
const endings = ['returned', 'threw', 'exited', 'deadlock', 'horizon', 'killed']

interface Failure {
  readonly command: string
  readonly digest: string
  readonly end: string
}

interface Reported {
  readonly trial: Pick<Failure, 'digest' | 'end'>
  readonly environment: Pick<Failure, 'command'>
}

/** Ends well for exit codes below 2: a violation is what is looked for. */
function agentChaos(args: readonly string[], shell = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const settle = (error: (Error & { code?: unknown }) | null, stdout: string) =>
      error && error.code !== 1 ? reject(error) : resolve(stdout)
    const options = { maxBuffer: 1 << 30 }
    if (shell) execFile('sh', ['-c', args.join(' ')], options, settle)
    else execFile(process.execPath, [main, ...args], options, settle)
  })
}

async function failuresUnder(seed: number, files: readonly string[], more: readonly string[] = []): Promise<Failure[]> {
  await agentChaos(['run', ...files, '--seed', String(seed), '--json', out, '--quiet', '--no-config', ...more])
  const report = JSON.parse(readFileSync(out, 'utf8'))
  rmSync(out)
  return report.scenarios.flatMap(({ violations }: { violations: Reported[] }) =>
    violations.map(
      ({ trial, environment }: Reported): Failure => ({
        command: environment.command,
        digest: trial.digest,
        end: trial.end,
      }),
    ),
  )
}

async function replay({ command, digest }: Failure): Promise<string | undefined> {
  const line = command.replace('npx agent-chaos', `${process.execPath} ${main}`)
  const { digest: again } = JSON.parse(await agentChaos([line, '--json', '-', '--no-color'], true))
  return again === digest ? undefined : `${command}\n  was ${digest}, is ${again}`
}

const files = globSync(['scenarios/canaries/*.chaos.ts', 'scenarios/planted/*.ts', 'scenarios/museum/*.chaos.ts'])
  .sort()
  .slice(0, wanted)
const known = new Map<string, Failure>()
const add = (failures: readonly Failure[]) => {
  for (const failure of failures) known.set(failure.command, failure)
}
add(await failuresUnder(1, globSync('test/fixtures/replays/{exits,waits}*.chaos.ts'), ['--trials-max', '30']))
// Each of its trials takes the watchdog's whole limit.
if (isWhole) add(await failuresUnder(1, globSync('test/fixtures/replays/spins.chaos.ts'), ['--trials-max', '1']))
for (let seed = 1; known.size < wanted; seed++) {
  const before = known.size
  add(await failuresUnder(seed, files))
  process.stderr.write(`seed ${seed}: ${known.size} failures\n`)
  if (known.size === before) break
}
const failures = [...known.values()].slice(0, wanted)
const different: string[] = []
let next = 0
async function work(): Promise<void> {
  for (let failure = failures[next++]; failure; failure = failures[next++]) {
    const difference = await replay(failure)
    if (difference !== undefined) different.push(difference)
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, work))

const ends = new Map<string, number>()
for (const { end } of failures) ends.set(end, (ends.get(end) ?? 0) + 1)
const missing = endings.filter((end) => !ends.has(end))
process.stdout.write(`${failures.length} failures replayed, ${different.length} with another digest\n`)
process.stdout.write(`endings: ${[...ends].map(([end, count]) => `${end} ${count}`).join(', ')}\n`)
for (const text of different) process.stdout.write(`${text}\n`)
if (isWhole && missing.length > 0) process.stdout.write(`no failure ended so: ${missing.join(', ')}\n`)
process.exitCode = different.length > 0 || failures.length < wanted || (isWhole && missing.length > 0) ? 1 : 0
