/** Where a connection goes, as `URL.origin` has it. */
import type { WantedConnection } from '../../contracts/transport.js'

export function originOf({ host, port, offers }: Pick<WantedConnection, 'host' | 'port' | 'offers'>): string {
  const name = host.includes(':') ? `[${host}]` : host
  const address = `${offers ? 'https' : 'http'}://${name}:${port}`
  // A name that is none is for the resolver to refuse, as it would be.
  return URL.canParse(address) ? new URL(address).origin : `http://invalid.localhost:${port}`
}
