/**
 * Timeouts of HTTP/2 sessions and streams that run over no connection of the system's. Node counts them with timers of its
 * own, which no stub of the public ones reaches, and exports no class of either: the first session shows them.
 */
import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import { shared } from '../shared.js'
import type { VirtualTimer } from '../timer.js'
import type { Callable, Patches } from './patches.js'

type Timed = ClientHttp2Session | ClientHttp2Stream

/** Whether the classes are known and replaced. */
export function stubHttp2Timeouts(patches: Patches): void {
  let knowsSessions = false
  let knowsStreams = false
  patches.replace(
    http2,
    'connect',
    (original) =>
      function connect(this: unknown, ...args) {
        const session = original.apply(this, args) as ClientHttp2Session
        if (knowsSessions) return session
        knowsSessions = true
        patches.replace(ownerOf(session, 'setTimeout'), 'setTimeout', countingVirtually)
        patches.replace(ownerOf(session, 'request'), 'request', (ask) => {
          return function request(this: unknown, ...given) {
            const stream = ask.apply(this, given) as ClientHttp2Stream
            if (!knowsStreams) patches.replace(ownerOf(stream, 'setTimeout'), 'setTimeout', countingVirtually)
            knowsStreams = true
            return stream
          }
        })
        return session
      },
  )
}

/** The prototype that has the method. */
function ownerOf(value: object, method: string): object {
  let owner = value
  while (!Object.hasOwn(owner, method)) owner = Object.getPrototypeOf(owner) as object
  return owner
}

const timers = new WeakMap<object, VirtualTimer>()

/** Node's own reads the arguments and takes care of the listener; in place of its timer it finds one that we set. */
function countingVirtually(original: Callable): Callable {
  return function setTimeout(this: unknown, ms, callback) {
    const timed = this as Timed
    const clock = shared.ambient?.clock
    timers.get(timed)?.close()
    const returned = original.call(timed, ms, callback)
    const place = clock && isInMemory(timed) ? timerPlace(timed) : undefined
    if (!clock || place === undefined) return returned
    shared.real.clearTimeout(Reflect.get(timed, place) as NodeJS.Timeout)
    const timer = clock
      .setTimeout(() => Reflect.apply(Reflect.get(timed, '_onTimeout') as Callable, timed, []), ms)
      .unref()
    if (!timers.has(timed)) timed.once('close', () => timers.get(timed)?.close())
    timers.set(timed, timer)
    Reflect.set(timed, place, timer)
    return returned
  }
}

/** By which of its symbols it keeps the timer: with each byte Node starts that one anew. */
function timerPlace(timed: object): symbol | undefined {
  return Object.getOwnPropertySymbols(timed).find((symbol) => {
    const value: unknown = Reflect.get(timed, symbol)
    return value instanceof Object && value.constructor.name === 'Timeout'
  })
}

/** Node wraps every stream that is no connection of the system's. */
function isInMemory(timed: Timed): boolean {
  const session = 'session' in timed ? timed.session : timed
  return session?.socket?.constructor.name === 'JSStreamSocket'
}
