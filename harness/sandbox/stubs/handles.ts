/**
 * Handles that stay open without doing anything: ports, broadcast channels and listening servers. One of them would
 * keep the event loop from ever draining and so hold time for ever; during a trial they do not.
 */
import net from 'node:net'
import workers, { MessagePort } from 'node:worker_threads'
import { shared } from '../shared.js'
import type { Callable, Patches } from './patches.js'

/** Such handles do not hold the loop while a trial is entered, and messages posted meanwhile are counted. */
export function stubHandles(patches: Patches): void {
  const unref = MessagePort.prototype.unref
  patches.replace(
    MessagePort.prototype,
    'ref',
    (original) =>
      function ref(this: unknown) {
        return shared.ambient ? unref.call(this as MessagePort) : original.call(this)
      },
  )
  patches.replace(
    net.Server.prototype,
    'listen',
    (original) =>
      function listen(this: unknown, ...args) {
        const server = original.apply(this, args)
        if (shared.ambient) (this as net.Server).unref()
        return server
      },
  )
  for (const prototype of [MessagePort.prototype, BroadcastChannel.prototype]) {
    patches.replace(prototype, 'postMessage', counting)
  }
  for (const owner of [workers, globalThis]) patches.replace(owner, 'BroadcastChannel', makeUnreferenced)
}

function counting(original: Callable): Callable {
  return function postMessage(this: unknown, ...args) {
    shared.messagesPosted++
    return original.apply(this, args)
  }
}

function makeUnreferenced(original: Callable): Callable {
  function UnreferencedChannel(...args: unknown[]): unknown {
    const target = !new.target || new.target === (UnreferencedChannel as unknown) ? original : new.target
    const channel: unknown = Reflect.construct(original, args, target)
    if (shared.ambient) (channel as workers.BroadcastChannel).unref()
    return channel
  }
  UnreferencedChannel.prototype = original.prototype
  return UnreferencedChannel
}
