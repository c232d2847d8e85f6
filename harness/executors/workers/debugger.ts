/** Opens a worker to a debugger, before any of the user's modules is loaded. */
import { open, Session, url, waitForDebugger } from 'node:inspector'
import type { Debugging } from '../../contracts/debugging.js'
import { UserError } from '../../contracts/errors.js'

/** A worker that had the port before may still be about to let go of it. */
const triesMost = 20
const pauseMs = 100

/** Waits until a debugger has come and lets it go on. Throws a `UserError` where the port is somebody else's. */
export function openToDebugger({ host, port }: Debugging): void {
  for (let tries = 0; url() === undefined; tries++) {
    if (tries === triesMost) throw new UserError(`--inspect: nothing can listen at ${host}:${port}; name another port`)
    if (tries > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
    open(port, host)
  }
  waitForDebugger()
}

/** From now on whoever debugs this process is stopped at each call of the function, in its first line. */
export function stopAt(called: object): void {
  const session = new Session()
  session.connect()
  session.post('Debugger.enable')
  Reflect.set(globalThis, key, called)
  session.post('Runtime.evaluate', { expression: `globalThis[Symbol.for(${JSON.stringify(name)})]` }, (_, found) => {
    session.post('Debugger.setBreakpointOnFunctionCall', { objectId: found.result.objectId })
  })
  Reflect.deleteProperty(globalThis, key)
}

const name = 'agent-chaos.stop-at'
const key = Symbol.for(name)
