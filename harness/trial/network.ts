/** The network of one start of the agent: one router, and before it every transport. */
import { modelEndpoint } from '../boundaries/model/endpoint.js'
import type { Model } from '../contracts/model.js'
import type { Scenario } from '../contracts/scenario.js'
import { stream } from '../contracts/stream.js'
import { unroutedBy } from '../providers/strays.js'
import { real } from '../sandbox/real.js'
import { routerOf } from '../transports/router.js'
import { type OpenTransports, openAll } from '../transports/transports.js'
import type { Attempt } from './attempt.js'
import type { TrialWorld } from './trial-world.js'

export interface Network extends OpenTransports {
  /** Puts a connection that reached the sandbox's guard on record; the error is what its client sees. */
  refuse(origin: string): Error
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
  const router = routerOf({
    providers,
    endpoints,
    environment: () => process.env,
    model: (taken) =>
      modelEndpoint({
        provider: taken.provider,
        session: world.session(taken),
        ids: world.ids,
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
  return { ...openAll({ router, client: attempt.client, realFetch: real.fetch }), refuse: router.refuseConnection }
}
