/**
 * Worker processes that are started before anybody knows what they are to run. They get ready while the command line is
 * loaded, which takes about as long.
 */
import type { ChildProcess } from 'node:child_process'
import { nextMark } from './reaper.js'
import { endWorker, hold, type StartOptions, startWorker } from './start-worker.js'

/** Workers that load a scenario beside each other, before anybody knows how many trials there are. */
export const startedAtOnceMax = 4

type Wanted = Omit<StartOptions, 'mark'>

/** A process, and the mark of what is started in it. */
interface Started {
  readonly child: ChildProcess
  readonly mark: string
}

interface Early extends Started {
  readonly manner: string
}

let early: readonly Early[] = []

/** Starts processes that `takeWorker` hands over if they are as wanted then. Otherwise they end with this process. */
export function startEarly(wanted: Wanted, count = 1): void {
  const manner = mannerOf(wanted)
  for (let n = 0; n < count; n++) {
    const started = { ...start(wanted), manner }
    const { child } = started
    const forget = () => {
      early = early.filter((each) => each !== started)
    }
    // Whoever takes the next one is told why none can be started.
    child.once('error', forget).once('exit', forget)
    hold(child, false)
    early = [...early, started]
  }
  process.once('exit', () => {
    for (const { child } of early) endWorker(child)
    early = []
  })
}

/** A process that has loaded nothing. */
export function takeWorker(wanted: Wanted): Started {
  if (early.length === 0) return start(wanted)
  const manner = mannerOf(wanted)
  // Those that are not as this one are not as the next one either.
  for (const { child } of early.filter((each) => each.manner !== manner)) endWorker(child)
  const [first, ...others] = early.filter((each) => each.manner === manner)
  early = others
  return first ?? start(wanted)
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
