/**
 * Where the journal of a run is kept, and what it holds the run to: the code and the options. One file for each run that could be
 * asked for here, where tools keep what may be thrown away.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { Campaign } from '../../campaign/index.js'
import { shortDigest } from '../../contracts/digest.js'
import { UserError } from '../../contracts/errors.js'
import { type FlagsOf, namesOn } from '../../contracts/options/derived.js'
import { shownPath } from '../../contracts/shown-path.js'
import { isSystemError } from '../../contracts/system-error.js'
import type { Context, Io } from '../context.js'
import { graphsOf } from '../watch/graph.js'
import { cachePath } from './cache.js'
import { rememberedIn } from './failures-file.js'

export type RunJournal = ReturnType<Awaited<ReturnType<Campaign['journals']>>['begin']>

/** Say how it is shown and how many run at once, and nothing of what comes of it. */
const indifferent: ReadonlySet<string> = new Set(['workers', 'openExecutors', 'signal', 'bail'])
/** Of the packages that the code stands on. */
const locks = ['package.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']

/** Begins the journal of this run, or goes on with it. Nothing where the folder takes no file: the run is as good without it. */
export async function openJournal(
  files: readonly string[],
  flags: FlagsOf<'run'>,
  context: Context,
): Promise<RunJournal | undefined> {
  const { io, version, campaign } = context
  const options = optionsText(files, flags, io.cwd)
  const path = cachePath(io.cwd, `journal-${shortDigest(`${resolve(io.cwd)}\n${options}`)}.jsonl`)
  const { begin, resume, writerOf } = await (await campaign()).journals()
  const writer = writerOf(path)
  if (writer !== undefined && isAlive(writer)) {
    if (!flags.resume) return undefined
    throw new UserError(`--resume: that run is still going, in process ${writer}`)
  }
  const { failures = [] } = await rememberedIn(flags.failures, context)
  const head = { writtenBy: version, options, code: () => codeOf(files, flags, io.cwd), remembered: failures }
  if (flags.resume) {
    const journal = resume(path, head)
    const { trials, damagedLine } = journal
    io.stderr.write(`agent-chaos: goes on with the run that was cut off: ${trials} trials are done\n`)
    if (damagedLine !== undefined)
      io.stderr.write(`agent-chaos: ${path}:${damagedLine} was altered: what stood from there on is run again\n`)
    return journal
  }
  if (writer !== undefined)
    io.stderr.write('agent-chaos: such a run was cut off here; --resume would have gone on with it\n')
  try {
    mkdirSync(dirname(path), { recursive: true })
    return begin(path, head)
  } catch {
    return undefined
  }
}

/** What was cut off is kept for a run that goes on; what is over is not. */
export function closeJournal(journal: RunJournal | undefined, isCutOff: boolean, { stderr }: Io): void {
  if (!journal) return
  const { broken } = journal
  if (broken !== undefined) stderr.write(`agent-chaos: the journal could not be written: ${broken}\n`)
  if (isCutOff) journal.close()
  else journal.end()
  if (isCutOff && broken === undefined) stderr.write('agent-chaos: the same command with --resume goes on from here\n')
}

/** What was asked for, as far as it decides what comes of it. */
export function optionsText(files: readonly string[], flags: FlagsOf<'run'>, cwd: string): string {
  const said = flags as Readonly<Record<string, unknown>>
  const names = namesOn('runCampaign').filter((name) => !indifferent.has(name))
  const settings = names.sort().map((name) => [name, said[name] ?? null])
  return JSON.stringify([files.map((file) => shownPath(file, cwd)), settings])
}

/** Digests of the user's own files that the scenarios load, of the configuration, and of what says which packages there are. */
export function codeOf(
  files: readonly string[],
  { config, known }: Pick<FlagsOf<'run'>, 'config' | 'known'>,
  cwd: string,
): Record<string, string> {
  const beside = [config, known, ...locks].flatMap((file) => (file === undefined ? [] : [resolve(cwd, file)]))
  const entries = config === undefined ? files : [...files, resolve(cwd, config)]
  const all = new Set([...graphsOf(entries).flatMap(({ loads }) => [...loads]), ...beside])
  return Object.fromEntries(
    [...all].sort().flatMap((file) => (existsSync(file) ? [[shownPath(file, cwd), shortDigest(bytesOf(file))]] : [])),
  )
}

function bytesOf(file: string): Buffer | string {
  try {
    return readFileSync(file)
  } catch {
    return ''
  }
}

/** One that has ended and whom nobody has buried is not alive, nor is another one that has its number by now. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM'
  }
  const [, script = ''] = process.argv
  return process.platform !== 'linux' || bytesOf(`/proc/${pid}/cmdline`).toString().includes(basename(script))
}
