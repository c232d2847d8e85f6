/** Hands what clients of `node:http` and `node:https` ask for to the trial that is entered, by whichever way they ask. */
import http, { type ClientRequest } from 'node:http'
import https from 'node:https'
import type { MakeNodeRequest, NodeCall } from '../../contracts/transport.js'
import { guest } from '../../sandbox/guest.js'
import type { Callable, Patches } from '../../sandbox/stubs/patches.js'

/** What makes requests in the trial that is entered. */
export const nodeHttpGuest = guest<MakeNodeRequest>('node-http')

export function stubNodeHttp(patches: Patches, entered = nodeHttpGuest.current): void {
  const make = (module: NodeCall['module'], name: NodeCall['name'], args: unknown[], really: NodeCall['really']) => {
    const trial = entered()
    return trial ? trial({ module, name, args, really }) : really()
  }
  const making = (module: NodeCall['module'], name: NodeCall['name']) => (original: Callable) =>
    function (this: unknown, ...args: unknown[]) {
      return make(module, name, args, () => original.apply(this, args) as ClientRequest)
    }
  for (const name of ['request', 'get'] as const) {
    patches.replace(http, name, making('http', name))
    patches.replace(https, name, making('https', name))
  }
  const construct = (original: typeof ClientRequest, args: unknown[], made: object) =>
    make('http', 'ClientRequest', args, () => Reflect.construct(original, args, made as never))
  patches.define(http, 'ClientRequest', { value: new Proxy(http.ClientRequest, { construct }) })
}
