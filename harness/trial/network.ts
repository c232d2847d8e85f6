/** The network of one start of the agent: one router, and before it every transport. */
import { modelEndpoint } from '../boundaries/model/endpoint.js'
import { anywhere } from '../contracts/allowed.js'
import type { ClockSnapshot } from '../contracts/host.js'
import type { Model } from '../contracts/model.js'
import {
  type EndpointsOptions,
  type Environment,
  type Provider,
  type Utility,
  variablesOf,
} from '../contracts/provider.js'
import { baseURLsOf, type RouteTaken } from '../contracts/routes.js'
import type { Scenario } from '../contracts/scenario.js'
import { stream } from '../contracts/stream.js'
import type { Endpoint, Router } from '../contracts/transport.js'
import { unroutedBy } from '../providers/strays.js'
import { epochMs } from '../sandbox/clock.js'
import { lineFrom } from '../sandbox/lines.js'
import { real } from '../sandbox/real.js'
import type { Loopback } from '../transports/loopback/transport.js'
import { routerOf } from '../transports/router.js'
import { type OpenTransports, openAll } from '../transports/transports.js'
import type { Attempt } from './attempt.js'
import type { TrialWorld, WorldSnapshot } from './trial-world.js'

export interface Network extends OpenTransports {
  /** Puts a connection that reached the sandbox's guard on record; the error is what its client sees. */
  refuse(origin: string, by?: 'CONNECT' | 'DNS' | 'UDP'): Error
  readonly allow: readonly string[]
}

export interface NetworkOptions {
  readonly scenario: Scenario
  readonly world: TrialWorld
  readonly attempt: Attempt
  readonly model: Model
  readonly seed: number
  /** Where the agent's clients are to come by real sockets. */
  readonly loopback: Loopback | undefined
  /** The plan asks for what cannot be carried. */
  readonly misfit: (why: string) => void
  /** Answers the agent in place of all that is simulated. */
  readonly instead: Endpoint | undefined
}

export function networkOf({
  scenario,
  world,
  attempt,
  model,
  seed,
  loopback,
  misfit,
  instead,
}: NetworkOptions): Network {
  const { providers, endpoints, latency, allow } = scenario
  const router = routerOf({
    providers,
    endpoints,
    environment: () => (loopback ? elsewhere(process.env, loopback) : process.env),
    model: (taken) =>
      taken.utility
        ? world.services.utility(taken.utility, latency.modelMs, answerOf(taken, world, model))
        : modelEndpoint({
            provider: taken.provider,
            session: world.session(taken),
            ids: world.ids,
            model,
            context: {
              random: (label) => stream(seed, `model:${label}`)(),
              get faultLanded() {
                return world.injector.hasLanded
              },
            },
            crossings: attempt,
            latencyMs: latency.modelMs,
            wiretap: world.wiretap,
          }),
    service: (url) => world.services.endpoint(url),
    allow,
    unrouted: unroutedBy(providers),
    record: attempt.record,
  })
  const network = {
    router: instead ? leadingTo(instead, router) : router,
    client: attempt.client,
    realFetch: real.fetch,
    peerFrom: lineFrom,
    realSleep,
    misfit,
  }
  return { ...openAll(network, loopback), refuse: router.refuseConnection, allow: instead ? [anywhere] : allow }
}

/** What a utility answers that shares what an API keeps; `undefined` for any other. */
function answerOf({ provider, utility }: RouteTaken, world: TrialWorld, model: Model): Utility['answer'] | undefined {
  const shared = utility?.shares
  if (shared === undefined) return undefined
  const session = world.session({ provider, api: shared })
  return (request) => {
    const answer = session.serve?.(request, model.conversations ?? [])
    if (!answer) throw new Error(`the API ${shared} of ${provider.name} serves no utility`)
    return answer
  }
}

/** All goes to one endpoint, but for what is this machine's own. */
function leadingTo(endpoint: Endpoint, router: Router): Router {
  return {
    ...router,
    route: (method, url) =>
      router.route(method, url).kind === 'real' ? { kind: 'real' } : { kind: 'endpoint', endpoint },
    isAllowed: () => false,
  }
}

/** What the agent's process begins with: the environment and the time of a trial, or its own where it runs for real. */
export function surroundingsOf(
  { providers }: Scenario,
  endpoints: EndpointsOptions,
  { instead, resume }: { readonly instead?: Endpoint; readonly resume?: WorldSnapshot | undefined },
): { readonly environment: Environment; readonly clock: ClockSnapshot | undefined } {
  if (instead) return { environment: {}, clock: { nowMs: 0, jumpedMs: real.now() - epochMs } }
  return { environment: variablesOf({ providers, endpoints }, process.env), clock: resume?.clock }
}

/** Where an agent is to find the models: at the scenario's addresses, or behind the trial's own server. */
export function endpointsOf({ providers, endpoints }: Scenario, loopback: Loopback | undefined): EndpointsOptions {
  if (!loopback) return endpoints
  const named = baseURLsOf(providers, endpoints, process.env)
  const at = ({ name, origins }: Provider) => loopback.addressOf(named[name]?.[0] ?? origins[0])
  return Object.fromEntries(providers.map((provider) => [provider.name, { baseURL: at(provider) }]))
}

/** What leads to the trial's own server is answered there, and not by what it leads to. */
function elsewhere(environment: Environment, loopback: Loopback): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => !loopback.isAt(value ?? '')))
}

function realSleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = real.setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      real.clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
