/** The leanest clock in which an agent that waits gets on: each wait is over at the next turn of the event loop. */
import { syncBuiltinESMExports } from 'node:module'
import promises from 'node:timers/promises'

/** To be called before the agent is loaded, which keeps the functions that it imports. */
export function skipWaits(): void {
  promises.setTimeout = <T>(_ms?: number, value?: T) => promises.setImmediate(value) as Promise<T>
  syncBuiltinESMExports()
}
