/** `agent-chaos list`: what there is to run and to break, without breaking anything: each scenario's baseline, or a catalogue. */
import { resolve } from 'node:path'
import type { StyleOptions } from '../../../reports/drawing/style.js'
import { hasTag } from '../../campaign/wanted.js'
import { isUserError, UserError } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode } from '../../contracts/report/report.js'
import { shownPath } from '../../contracts/shown-path.js'
import type { Context } from '../context.js'
import { faultRows, invariantRows } from '../options/catalogues.js'
import { discover, howToBegin, nothingFound, type Paths } from '../options/discover.js'
import { appearanceOf } from '../output/appearance.js'
import { exits } from '../output/exit.js'
import { catalogueText, type Listed, listingText, runsText } from '../output/listing.js'
import { type Output, openOutput } from '../output/output.js'
import { writeAll } from '../output/publish.js'
import { connectServer } from '../output/run-queue.js'

type ListFlags = FlagsOf<'list'>

export async function list(paths: Paths, flags: ListFlags, context: Context): Promise<ExitCode> {
  if (flags.queue !== undefined) {
    if (paths.paths.length > 0) throw new UserError('list takes either paths, or --queue')
    return listQueue(flags.queue, flags, outputOf(flags, context), context)
  }
  if (flags.faults || flags.invariants) {
    if (paths.paths.length > 0) throw new UserError('list takes either paths, or --faults or --invariants')
    return listCatalogues(flags, outputOf(flags, context), context)
  }
  const found = await discover(paths, context.io.cwd)
  const nothing = nothingFound(found)
  if (nothing !== undefined) throw new UserError(`${nothing}. ${howToBegin}`)
  return listScenarios(found.files, flags, outputOf(flags, context), context)
}

function outputOf({ json }: ListFlags, { io }: Context): Output | undefined {
  return json === undefined ? undefined : openOutput('--json', json, io)
}

async function listScenarios(
  files: readonly string[],
  flags: ListFlags,
  output: Output | undefined,
  context: Context,
): Promise<ExitCode> {
  const listed: Listed[] = []
  for (const file of files) {
    const found = await inspect(file, flags, context)
    if (isListed(found, flags)) listed.push(found)
  }
  const scenarios = listed.flatMap((each) => (each.kind === 'scenario' ? [{ file: each.file, ...each.listing }] : []))
  const failures = listed.flatMap((each) =>
    each.kind === 'failure' ? [{ file: each.file, message: each.message }] : [],
  )
  const text = (options: StyleOptions) => listingText(listed, options)
  const code = failures.length > 0 ? exits.usage : exits.passed
  return publish(text, { seed: flags.seed, scenarios, failures }, code, flags, output, context)
}

function isListed(found: Listed, { tag }: ListFlags): boolean {
  return tag === undefined || found.kind === 'failure' || hasTag(found.listing.tags, tag)
}

/** One file that cannot be loaded does not hide the others. */
async function inspect(
  path: string,
  { seed, trialTimeout, networkNamespace, config: given }: ListFlags,
  { io, campaign }: Context,
): Promise<Listed> {
  const { inspect } = await campaign()
  const file = shownPath(path, io.cwd)
  const config = given && resolve(io.cwd, given)
  try {
    const listing = await inspect(path, { cwd: io.cwd, seed, trialTimeout, networkNamespace, config })
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
  const text = (options: StyleOptions) => catalogueText(faults ?? [], invariants ?? [], options)
  return publish(text, data, exits.passed, flags, output, context)
}

async function listQueue(
  url: string,
  flags: ListFlags,
  output: Output | undefined,
  context: Context,
): Promise<ExitCode> {
  const { listRuns } = await context.queue()
  const server = await connectServer(url, context)
  try {
    const runs = await listRuns(server)
    return await publish(() => runsText(runs, server.address), { runs }, exits.passed, flags, output, context)
  } finally {
    await server.close()
  }
}

function publish(
  text: (options: StyleOptions) => string,
  data: object,
  code: ExitCode,
  { color }: ListFlags,
  output: Output | undefined,
  context: Context,
): Promise<ExitCode> {
  const { io } = context
  const sink = output?.isStdout ? io.stderr : io.stdout
  sink.write(text(appearanceOf(sink, io.env, color)))
  const document = { format: 'agent-chaos/listing', version: 1, ...data }
  return writeAll([() => output?.write(`${JSON.stringify(document, null, 2)}\n`)], code, context)
}
