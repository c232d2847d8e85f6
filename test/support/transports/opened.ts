/** A transport opened by hand, without a trial: what clients ask goes to the given endpoints until it is stopped. */
import { syncBuiltinESMExports } from 'node:module'
import { stubConnections } from '../../../harness/boundaries/http/stubs.js'
import { isLocal } from '../../../harness/contracts/routes.js'
import type { ClientSide, Endpoint, Router, Transport } from '../../../harness/contracts/transport.js'
import { lineFrom } from '../../../harness/sandbox/lines.js'
import { real } from '../../../harness/sandbox/real.js'
import { Patches } from '../../../harness/sandbox/stubs/patches.js'

export interface Hand {
  /** What answers at an address. */
  endpoint(url: string): Endpoint | undefined
  /** For what nobody answers. */
  refuse?(method: string, url: string): Error
}

export function routerBy({ endpoint, refuse = (_, url) => new Error(`${url} is nowhere`) }: Hand): Router {
  return {
    route(_method, url) {
      const found = endpoint(url)
      return found ? { kind: 'endpoint', endpoint: found } : { kind: isLocal(url) ? 'real' : 'nowhere' }
    },
    refuse,
    refuseConnection: (origin) => refuse('CONNECT', origin),
    isAllowed: () => false,
    isNamed: () => false,
    isModelCall: () => false,
  }
}

export function open(transport: Transport, hand: Hand, client: ClientSide) {
  const opened = transport.open({
    router: routerBy(hand),
    client,
    realFetch: real.fetch,
    peerFrom: lineFrom,
    realSleep: (ms) => new Promise((resolve) => real.setTimeout(resolve, ms)),
    misfit: () => {},
  })
  const patches = new Patches()
  if (opened.connect) stubConnections(patches, () => opened.connect)
  syncBuiltinESMExports()
  const stop = () => {
    opened.close()
    patches.undo()
    syncBuiltinESMExports()
  }
  return { ...opened, stop }
}
