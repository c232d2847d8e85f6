/** A run whose trials go by a queue to other machines: what the command line does before it, and tells of it. */
import { hostname } from 'node:os'
import { relative, resolve } from 'node:path'
import { quantity } from '../../../reports/drawing/words.js'
import { shortDigest } from '../../contracts/digest.js'
import type { OpenExecutors } from '../../contracts/executor.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import { shownPath } from '../../contracts/shown-path.js'
import type { Fleet } from '../../executors/queue/index.js'
import type { Context, Io } from '../context.js'
import { codeOf, optionsText } from './journal-file.js'

export interface RunQueue {
  readonly openExecutors: OpenExecutors
  /** Aborted where the run was cancelled from elsewhere. */
  readonly signal: AbortSignal
  readonly fleetText: () => string
  end(): Promise<void>
}

/** The server of a queue; what becomes of the connection is reported on standard error. Rejects with a `UserError` where it cannot be used. */
export async function connectServer(url: string, { io, queue }: Context) {
  const { QueueServer } = await queue()
  return QueueServer.connect(url, (trouble) => io.stderr.write(`agent-chaos: ${trouble}\n`))
}

/** Nothing where no queue was asked for. Rejects with a `UserError` where its server cannot be used. */
export async function connectQueue(flags: FlagsOf<'run'>, context: Context) {
  const { io } = context
  if (flags.queue === undefined) return undefined
  const { queue: url } = flags
  const { Coordinator, openQueue, openHere } = await context.queue()
  const server = await connectServer(url, context)
  const lead = async (files: readonly string[]): Promise<RunQueue> => {
    const coordinator = await Coordinator.lead(server, {
      ...coordinationOf(files, flags, context),
      onFleet: fleetTeller(io, flags.quiet),
      onRefusal: (text) => io.stderr.write(`agent-chaos: ${text}\n`),
    })
    const onCancelled = () => io.stderr.write('agent-chaos: the run was cancelled, or is led from elsewhere now\n')
    coordinator.signal.addEventListener('abort', onCancelled, { once: true })
    return {
      openExecutors: openQueue(coordinator, url, openHere),
      signal: coordinator.signal,
      fleetText: () => fleetText(coordinator.fleet),
      end: () => coordinator.end(),
    }
  }
  return { lead, close: () => server.close() }
}

/** What the workers have to know. The same run has the same id, whoever leads it. */
function coordinationOf(files: readonly string[], flags: FlagsOf<'run'>, { io, version }: Context) {
  const { cwd } = io
  const { trialTimeout, memoryMax, strict, resume, config, known } = flags
  const code = codeOf(files, flags, cwd)
  return {
    id: shortDigest(JSON.stringify([version, optionsText(files, flags, cwd), code])),
    resume,
    version,
    host: `${hostname()}:${process.pid}`,
    root: cwd,
    files: files.map((file) => shownPath(file, cwd)),
    config: config && relative(cwd, resolve(cwd, config)),
    known: known && relative(cwd, resolve(cwd, known)),
    code,
    trialTimeout,
    strict,
    memoryMax,
  }
}

function fleetText({ workers, rate }: Fleet): string {
  if (workers === 0) return 'no worker yet: agent-chaos work --queue URL'
  const of = workers === undefined ? '' : `${quantity(workers, 'worker')}, `
  return `${of}${Math.round(rate)} trials/s`
}

/** Where no line is rewritten, workers that come and go are told in lines of their own. */
function fleetTeller({ stderr }: Io, quiet: boolean): (fleet: Fleet) => void {
  let before: number | undefined
  return (fleet) => {
    if (quiet || stderr.isTTY || fleet.workers === before) return
    before = fleet.workers
    stderr.write(`queue: ${fleetText(fleet)}\n`)
  }
}
