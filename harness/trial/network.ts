/** The network of one start of the agent: one router, and before it a transport for each kind of client. */
import { modelEndpoint } from '../boundaries/model/endpoint.js'
import type { Model } from '../contracts/model.js'
import type { Scenario } from '../contracts/scenario.js'
import { stream } from '../contracts/stream.js'
import { unroutedBy } from '../providers/strays.js'
import { real } from '../sandbox/real.js'
import { trialFetch } from '../transports/memory/fetch.js'
import { nockTransport } from '../transports/node-http/nock.js'
import { routerOf } from '../transports/router.js'
import type { Attempt } from './attempt.js'
import type { TrialWorld } from './trial-world.js'

export interface Network {
  readonly fetch: typeof globalThis.fetch
  /** Puts a request that reached the sandbox's guard on record; the error is what its client sees. */
  refuse(method: string, url: string): Error
  /** For clients that do not use `fetch`, once the services are declared. Returns the undo. */
  serve(): () => void
}

export interface NetworkOptions {
  readonly scenario: Scenario
  readonly world: TrialWorld
  readonly attempt: Attempt
  readonly model: Model
  readonly seed: number
}

export function networkOf({ scenario, world, attempt, model, seed }: NetworkOptions): Network {
  const { providers, endpoints, latency } = scenario
  const { client } = attempt
  const router = routerOf({
    providers,
    endpoints,
    environment: () => process.env,
    model: (taken) =>
      modelEndpoint({
        provider: taken.provider,
        session: world.session(taken),
        model,
        context: { random: (label) => stream(seed, `model:${label}`)() },
        crossings: attempt,
        latencyMs: latency.modelMs,
        wiretap: world.wiretap,
      }),
    service: (url) => world.services.endpoint(url),
    unrouted: unroutedBy(providers),
    record: attempt.record,
  })
  return {
    fetch: trialFetch(router, client.sleep, real.fetch),
    refuse: router.refuse,
    serve: () =>
      nockTransport({
        origins: world.services.origins,
        endpoint: (url) => world.services.endpoint(url),
        client: () => client,
      }),
  }
}
