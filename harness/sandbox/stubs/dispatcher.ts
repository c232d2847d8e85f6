/**
 * Refuses requests of a `fetch` that was captured before the stubs were in place and would now reach a real network.
 * Such a `fetch` still asks undici's global dispatcher, so the trial stands in front of that.
 */
import { forAgent } from '../../contracts/agent-error.js'
import type { Ambient } from '../shared.js'

const slots = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')]

interface Dispatcher {
  dispatch(
    request: { readonly origin?: string | URL; readonly path: string; readonly method: string },
    handler: unknown,
  ): boolean
}

/** Guards the dispatchers that are in place, but for mocks, which reach no network. Returns the undo. */
export function guardDispatchers(ambient: Ambient): () => void {
  // Loads undici, which brings the dispatcher along; it would otherwise come unguarded with the first request.
  if (!slots.some((slot) => Reflect.has(globalThis, slot))) new Response()
  const undo = slots.map((slot) => {
    const dispatcher = Reflect.get(globalThis, slot) as Dispatcher | undefined
    if (!dispatcher || dispatcher.constructor.name.startsWith('Mock')) return () => {}
    const guard = guardDispatcher(dispatcher, ambient)
    Reflect.set(globalThis, slot, guard)
    return () => {
      if (Reflect.get(globalThis, slot) === guard) Reflect.set(globalThis, slot, dispatcher)
    }
  })
  return () => {
    for (const step of undo) step()
  }
}

function guardDispatcher(dispatcher: Dispatcher, ambient: Ambient): Dispatcher {
  const dispatch: Dispatcher['dispatch'] = (request, handler) => {
    const origin = new URL(request.origin ?? 'http://localhost')
    if (isLoopback(origin.hostname)) return dispatcher.dispatch(request, handler)
    ambient.stray?.(request.method, new URL(request.path, origin).href)
    const why =
      `${request.method} ${origin.origin} was not sent: the client captured fetch before agent-chaos was registered. ` +
      "Load 'agent-chaos/register' before the modules of the agent"
    throw forAgent(new Error(why))
  }
  return Object.create(dispatcher, { dispatch: { value: dispatch } }) as Dispatcher
}

/** `host` as a URL has it, or as a socket is told it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || /^(\[?::1?\]?|127\.[\d.]+|0\.0\.0\.0)$/.test(host)
}
