/** No name server is asked in a trial: a name that is not this machine's, and that no scenario allows, is not found. */
import dns from 'node:dns'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { type Ambient, shared } from '../shared.js'
import type { Callable, Patches } from './patches.js'
import { isLoopback } from './sockets.js'

const queries =
  `lookup lookupService resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr
  resolveNs resolvePtr resolveSoa resolveSrv resolveTlsa resolveTxt reverse`.split(/\s+/)

export function stubNames(patches: Patches): void {
  for (const query of queries) {
    for (const owner of [dns, dns.Resolver.prototype])
      patches.replace(owner, query, (original) => calling(query, original))
    for (const owner of [dns.promises, dns.promises.Resolver.prototype]) {
      patches.replace(owner, query, (original) => promising(query, original))
    }
  }
}

function calling(query: string, original: Callable): Callable {
  return function (this: unknown, ...args) {
    const done = args.findLast((arg) => typeof arg === 'function')
    const error = done && refusal(query, args[0])
    if (!error) return original.apply(this, args)
    process.nextTick(done as () => void, error)
    return {}
  }
}

function promising(query: string, original: Callable): Callable {
  return function (this: unknown, ...args) {
    const error = refusal(query, args[0])
    return error ? Promise.reject(error) : original.apply(this, args)
  }
}

/** As the system has it where nobody knows the name; `undefined` where it may be asked. */
function refusal(query: string, name: unknown): Error | undefined {
  const trial = shared.ambient
  if (!trial || typeof name !== 'string' || isHere(query, name, trial)) return undefined
  trial.stray?.(`dns:${name}`, 'DNS')
  const syscall =
    query === 'lookup' ? 'getaddrinfo' : query === 'lookupService' ? 'getnameinfo' : `query${kindOf(query)}`
  return Object.assign(new Error(`${syscall} ENOTFOUND ${name}`), {
    errno: -3008,
    code: 'ENOTFOUND',
    syscall,
    hostname: name,
  })
}

function isHere(query: string, name: string, trial: Ambient): boolean {
  if (name === '' || isLoopback(name) || name === hostname() || trial.allows?.(name)) return true
  // An address is its own answer, where nobody asks for its name.
  return query === 'lookup' && isIP(name) !== 0
}

function kindOf(query: string): string {
  if (query === 'reverse') return 'Ptr'
  const kind = query.replace('resolve', '')
  return kind === '' || kind === '4' ? 'A' : kind === '6' ? 'Aaaa' : kind
}
