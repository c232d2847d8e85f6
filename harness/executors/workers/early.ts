/**
 * One worker process that is started before anybody knows what it is to run. It gets ready while the command line is
 * loaded, which takes about as long.
 */
import type { ChildProcess } from 'node:child_process'
import { nextMark } from './reaper.js'
import { endWorker, hold, type StartOptions, startWorker } from './start-worker.js'

type Wanted = Omit<StartOptions, 'mark'>

/** A process, and the mark of what is started in it. */
interface Started {
  readonly child: ChildProcess
  readonly mark: string
}

let early: (Started & { readonly manner: string }) | undefined

/** Starts a process that `takeWorker` hands over if it is as wanted then. Otherwise it ends with this process. */
export function startEarly(wanted: Wanted): void {
  const started = { ...start(wanted), manner: mannerOf(wanted) }
  const { child } = started
  const forget = () => {
    if (early === started) early = undefined
  }
  // Whoever takes the next one is told why none can be started.
  child.once('error', forget).once('exit', forget)
  hold(child, false)
  process.once('exit', () => {
    if (early === started) endWorker(child)
  })
  early = started
}

/** A process that has loaded nothing. */
export function takeWorker(wanted: Wanted): Started {
  const started = early
  early = undefined
  if (started?.manner === mannerOf(wanted)) return started
  if (started) endWorker(started.child)
  return start(wanted)
}

function start(wanted: Wanted): Started {
  const mark = nextMark()
  return { child: startWorker({ ...wanted, mark }), mark }
}

/** All that a process is started with. A configuration file may have changed the environment meanwhile. */
function mannerOf({ memoryMax, output, networkNamespace = false }: Wanted): string {
  const environment = Object.entries(process.env).sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([memoryMax, output, networkNamespace, process.cwd(), environment])
}
