/** `agent-chaos replay`: runs one trial again and shows it as a timeline with the verdict of every invariant. */
import { resolve } from 'node:path'
import { otlp } from '../../../reports/otlp/otlp.js'
import { trial } from '../../../reports/terminal/trial.js'
import { wireText } from '../../../reports/wire.js'
import type { Replay } from '../../campaign/index.js'
import { type Debugging, debuggingAt } from '../../contracts/debugging.js'
import { UserError } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { existingFile } from '../options/discover.js'
import { appearanceOf } from '../output/appearance.js'
import { exits } from '../output/exit.js'
import { openOutput } from '../output/output.js'
import { writeAll } from '../output/publish.js'

/** The options that write a file. */
const outputs = ['json', 'otlp', 'wire'] as const

/** A plan is a text here. */
export type ReplayFlags = FlagsOf<'replay'> & { readonly plan: string }

export async function replay(path: string, flags: ReplayFlags, context: Context): Promise<ExitCode> {
  const { io } = context
  const file = existingFile(path, io.cwd)
  refuseTwoOnStdout(flags)
  const [output, traces, bytes] = outputs.map((name) => {
    const file = flags[name]
    return file === undefined ? undefined : openOutput(`--${name}`, file, io)
  })
  const { replayFile } = await context.campaign()
  const { seed, plan, repaired, trialTimeout, strict, networkNamespace } = flags
  const config = flags.config && resolve(io.cwd, flags.config)
  const given = { seed, plan, repaired, trialTimeout, strict, networkNamespace, config, debugging: debuggingOf(flags) }
  const found = await replayFile(file, { ...given, cwd: io.cwd, wire: bytes !== undefined })
  const sink = [output, traces, bytes].some((each) => each?.isStdout) ? io.stderr : io.stdout
  sink.write(trial(found, appearanceOf(sink, io.env, flags.color)))
  const writes = [
    () => output?.write(replayJson(found)),
    () => traces?.write(otlp({ ...found.trace, end: found.trace.end.kind, version: context.version, ...found })),
    () => bytes?.write(wireText(found.wire ?? [])),
  ]
  return writeAll(writes, exitOf(found), context)
}

function debuggingOf({ inspect, inspectBrk, networkNamespace }: ReplayFlags): Debugging | undefined {
  const address = inspectBrk ?? inspect
  if (address !== undefined && networkNamespace)
    throw new UserError(
      '--network-namespace and --inspect exclude each other: no debugger reaches a network of its own',
    )
  return address === undefined ? undefined : debuggingAt(address, inspectBrk !== undefined)
}

/** A violation counts even where another check could not decide; a plan of which nothing landed proves nothing. */
export function exitOf({ trace, judgements }: Pick<Replay, 'trace' | 'judgements'>): ExitCode {
  if (judgements.some(({ verdict }) => verdict.kind === 'violated')) return exits.violated
  if (judgements.some(({ verdict }) => verdict.kind === 'inconclusive')) return exits.inconclusive
  const { injections } = trace
  const neverLanded = injections.length > 0 && injections.every(({ status }) => status !== 'landed')
  return neverLanded ? exits.inconclusive : exits.passed
}

function replayJson({ digest, judgements, notes, trace, console, places }: Replay): string {
  const environment = { ...(console && { console }), ...(places && { places }) }
  const document = { format: 'agent-chaos/replay', version: 1, digest, judgements, notes, trace, environment }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** Throws a `UserError` where two options would write to standard output at once. */
function refuseTwoOnStdout(flags: ReplayFlags): void {
  const [first, second] = outputs.filter((name) => flags[name] === '-')
  if (first && second) {
    throw new UserError(`--${first} and --${second} cannot both go to standard output: name a file for one of them`)
  }
}
