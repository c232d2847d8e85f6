/** What a client of `node:http` asks for, read from how it called: by Node's own rules, and nothing is carried out. */
import { Agent, type ClientRequest, type RequestOptions } from 'node:http'
import { urlToHttpOptions } from 'node:url'
import type { NodeCall } from '../../contracts/transport.js'

export interface RequestAddress {
  readonly method: string
  readonly origin: string
  /** With its query. */
  readonly path: string
}

type Call = Pick<NodeCall, 'module' | 'args'>

/** `undefined` for what goes to no host by a path: to a socket of the file system, to a proxy, or nowhere, as Node says. */
export function addressOf({ module, args }: Call): RequestAddress | undefined {
  const options = optionsOf(args)
  if (!options || options.socketPath) return undefined
  const { protocol, hostname, host, port, defaultPort, path, method } = options
  const agent = agentOf(options)
  const name = hostname || host || 'localhost'
  const at = port || defaultPort || agent?.defaultPort
  const base = `${protocol ?? agent?.protocol ?? `${module}:`}//${bracket(name)}${at ? `:${at}` : ''}`
  const target = path || '/'
  if (!URL.canParse(base) || !target.startsWith('/')) return undefined
  return { method: (method || 'GET').toUpperCase(), origin: new URL(base).origin, path: target }
}

function optionsOf([first, second]: readonly unknown[]): RequestOptions | undefined {
  if (typeof first !== 'string' && !(first instanceof URL)) return (first ?? {}) as RequestOptions
  if (!URL.canParse(String(first))) return undefined
  return { ...urlToHttpOptions(new URL(first)), ...(typeof second === 'object' ? second : {}) }
}

function bracket(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

/** What Node reads of an agent, and its types leave out. */
type OwnAgent = Agent &
  Pick<RequestOptions, 'protocol' | 'defaultPort'> & { readonly options?: { readonly timeout?: number } }

/** The client's own: nock keeps it beside the one that it puts in its place. */
function agentOf(options: RequestOptions | undefined): OwnAgent | undefined {
  const agent = agentIn(options)
  const own: unknown = agent && 'customAgent' in agent ? agent.customAgent : undefined
  return own instanceof Agent ? own : agent
}

function agentIn(options: unknown): OwnAgent | undefined {
  const agent: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'agent') : undefined
  return agent instanceof Agent ? agent : undefined
}

/** Whether nock has taken the request over already. */
export function isTakenOver({ args }: Call): boolean {
  return args.some((arg) => 'customAgent' in (agentIn(arg) ?? {}))
}

/** Whether nock itself calls, to play an answer back; the option is of its own making. */
export function isPlayback({ name, args: [options] }: NodeCall): boolean {
  return name === 'ClientRequest' && typeof options === 'object' && options !== null && 'proto' in options
}

/** An agent's own timeout holds for each of its requests; nock's agent, in that one's place, has none. */
export function keepAgentTimeout({ args }: Call, request: ClientRequest): void {
  const ms = agentOf(optionsOf(args))?.options?.timeout
  if (ms !== undefined && ms > 0 && Reflect.get(request, 'timeout') === undefined) request.setTimeout(ms)
}
