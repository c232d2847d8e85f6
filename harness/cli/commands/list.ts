/** `agent-chaos list`: what there is to run and to break, without breaking anything: each scenario's baseline, or a catalogue. */
import { relative, resolve } from 'node:path'
import { UserError } from '../../contracts/errors.js'
import type { ExitCode } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { faultRows, invariantRows } from '../options/catalogues.js'
import { discover, nothingFound, type Paths } from '../options/discover.js'
import { appearanceOf } from '../output/appearance.js'
import { exits } from '../output/exit.js'
import { isUserError } from '../output/failure.js'
import { catalogueText, type Listed, listingText } from '../output/listing.js'
import { type Output, openOutput } from '../output/output.js'

/** The options of `list` as commander parsed them. */
export interface ListFlags {
  readonly seed: number
  readonly json?: string
  /** Seconds. */
  readonly trialTimeout: number
  /** The configuration file, where it hands in providers or endpoints, from the working directory. */
  readonly config?: string
  readonly faults?: boolean
  readonly invariants?: boolean
  readonly color?: boolean
}

export async function list(paths: Paths, flags: ListFlags, context: Context): Promise<ExitCode> {
  if (flags.faults || flags.invariants) {
    if (paths.paths.length > 0) throw new UserError('list takes either paths, or --faults or --invariants')
    return withOutput(flags, context, (output) => listCatalogues(flags, output, context))
  }
  const found = await discover(paths, context.io.cwd)
  const nothing = nothingFound(found)
  if (nothing !== undefined) throw new UserError(nothing)
  return withOutput(flags, context, (output) => listScenarios(found.files, flags, output, context))
}

async function withOutput(
  { json }: ListFlags,
  { io }: Context,
  action: (output: Output | undefined) => Promise<ExitCode>,
): Promise<ExitCode> {
  const output = json === undefined ? undefined : openOutput('--json', json, io)
  try {
    return await action(output)
  } finally {
    output?.abandon()
  }
}

async function listScenarios(
  files: readonly string[],
  flags: ListFlags,
  output: Output | undefined,
  context: Context,
): Promise<ExitCode> {
  const listed: Listed[] = []
  for (const file of files) listed.push(await inspected(file, flags, context))
  const scenarios = listed.flatMap((each) => (each.kind === 'scenario' ? [{ file: each.file, ...each.listing }] : []))
  const failures = listed.flatMap((each) =>
    each.kind === 'failure' ? [{ file: each.file, message: each.message }] : [],
  )
  publish((options) => listingText(listed, options), { seed: flags.seed, scenarios, failures }, flags, output, context)
  return failures.length > 0 ? exits.usage : exits.passed
}

/** One file that cannot be loaded does not hide the others. */
async function inspected(
  path: string,
  { seed, trialTimeout, config: given }: ListFlags,
  { io, campaign }: Context,
): Promise<Listed> {
  const { inspect } = await campaign()
  const file = relative(io.cwd, path)
  const config = given && resolve(io.cwd, given)
  try {
    const listing = await inspect(path, { cwd: io.cwd, seed, trialTimeoutMs: trialTimeout * 1000, config })
    return { kind: 'scenario', file, listing }
  } catch (error) {
    if (!isUserError(error)) throw error
    return { kind: 'failure', file, message: error.message }
  }
}

async function listCatalogues(flags: ListFlags, output: Output | undefined, context: Context): Promise<ExitCode> {
  const faults = flags.faults ? await faultRows(context) : undefined
  const invariants = flags.invariants ? await invariantRows(context) : undefined
  const data = { ...(faults && { faults }), ...(invariants && { invariants }) }
  publish((options) => catalogueText(faults ?? [], invariants ?? [], options), data, flags, output, context)
  return exits.passed
}

function publish(
  text: (options: ReturnType<typeof appearanceOf>) => string,
  data: object,
  { color }: ListFlags,
  output: Output | undefined,
  { io }: Context,
): void {
  const sink = output?.isStdout ? io.stderr : io.stdout
  sink.write(text(appearanceOf(sink, io.env, color)))
  output?.write(`${JSON.stringify({ format: 'agent-chaos/listing', version: 1, ...data }, null, 2)}\n`)
}
