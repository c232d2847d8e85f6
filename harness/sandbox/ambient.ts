/**
 * Where time, chance and the network of this process come from. Stubs are installed once, before the user's modules
 * load and capture what they find, and pass on to the trial that is entered. Outside a trial they do the real thing.
 */
import { syncBuiltinESMExports } from 'node:module'
import { openSequence } from './sequence.js'
import { type Ambient, shared } from './shared.js'
import { stubChance } from './stubs/chance.js'
import { stubChildren } from './stubs/children.js'
import { stubCompletions } from './stubs/completions.js'
import { stubCompression } from './stubs/compression.js'
import { stubDatagrams } from './stubs/datagrams.js'
import { stubDate } from './stubs/date.js'
import { stubHandles } from './stubs/handles.js'
import { stubHttp2Timeouts } from './stubs/http2-timeouts.js'
import { stubIdleSockets } from './stubs/idle-sockets.js'
import { stubNames } from './stubs/names.js'
import { Patches } from './stubs/patches.js'
import { stubProcess } from './stubs/process.js'
import { stubSocketTimeouts } from './stubs/socket-timeouts.js'
import { stubSockets } from './stubs/sockets.js'
import { stubTimerPromises } from './stubs/timer-promises.js'
import { stubTimers } from './stubs/timers.js'
import { stubUnowned } from './stubs/unowned.js'

const stubs = [
  stubDate,
  stubTimers,
  stubTimerPromises,
  stubChance,
  stubProcess,
  stubChildren,
  stubHandles,
  stubIdleSockets,
  stubSockets,
  stubDatagrams,
  stubNames,
  stubSocketTimeouts,
  stubHttp2Timeouts,
  stubCompletions,
  stubCompression,
  stubUnowned,
]

/** Replaces functions of the platform by ones that pass on to the trial that is entered. */
export type Stub = (patches: Patches) => void

/**
 * Puts the stubs in place, and `more` upon them, for named imports of built-ins too. Returns the undo; throws if they are
 * in place.
 */
export function installStubs(more: readonly Stub[] = []): () => void {
  if (shared.uninstall) throw new Error('the stubs of agent-chaos are installed already: expected once per process')
  const patches = new Patches()
  for (const stub of [...stubs, ...more]) stub(patches)
  syncBuiltinESMExports()
  const uninstall = () => {
    if (shared.uninstall !== uninstall) return
    shared.uninstall = undefined
    patches.undo()
    syncBuiltinESMExports()
  }
  shared.uninstall = uninstall
  return uninstall
}

export function stubsInstalled(): boolean {
  return shared.uninstall !== undefined
}

/** From now on the stubs pass on to this trial. Returns what leaves it again; throws while another one is entered. */
export function enter(ambient: Ambient): () => void {
  if (shared.ambient) throw new Error('a trial is running in this process already: expected one at a time')
  shared.ambient = ambient
  shared.messagesPosted = 0
  shared.started.clear()
  shared.unowned?.clear()
  shared.written.clear()
  const closeSequence = openSequence()
  return () => {
    if (shared.ambient !== ambient) return
    shared.ambient = undefined
    closeSequence()
  }
}
