/**
 * One start of the agent in a trial: its crossings, its tools, its network and its signal. All of them freeze together
 * when its process crashes, while the world that they act on goes on; a further start gets everything anew.
 */
import { AsyncResource } from 'node:async_hooks'
import { effectFunction, wrapClient } from '../boundaries/effect/effects.js'
import { ToolBoundary } from '../boundaries/tool/instrument.js'
import type { AgentContext, EffectFunction, ModelEndpoints } from '../contracts/agent.js'
import { abortError } from '../contracts/agent-error.js'
import { type Crossings, inert, never } from '../contracts/crossing.js'
import { shortDigest } from '../contracts/digest.js'
import { isUserError, UserError } from '../contracts/errors.js'
import type { Clock } from '../contracts/host.js'
import { callSite } from '../contracts/place.js'
import { type EndpointsOptions, endpointOf } from '../contracts/provider.js'
import type { Scenario } from '../contracts/scenario.js'
import type { ClientSide } from '../contracts/transport.js'
import { BreakerObservation } from '../observe/breakers/observation.js'
import type { TrialWorld } from './trial-world.js'

/** What an attempt asks of the trial that it belongs to. */
export interface AttemptHost {
  readonly scenario: Scenario
  readonly world: TrialWorld
  /** Where the agent finds the models. */
  readonly endpoints: EndpointsOptions
  open: Crossings['open']
  record: Crossings['record']
  /** True once the trial is over. */
  readonly over: boolean
  /** Whether the agent has answered. */
  readonly answered: boolean
  /** Called once, when this attempt is gone. */
  onCrash(): void
  /** What the agent or the world was handed is used wrongly: for the user to fix, whoever catches what is thrown. */
  onMisuse(error: UserError): void
}

export class Attempt implements Crossings {
  readonly number: number
  readonly tools: ToolBoundary
  readonly #host: AttemptHost
  readonly #abort = new AbortController()
  readonly #observation = new BreakerObservation((event) => this.record(event))
  /** Outside the agent: what a crash sets going inherits none of its async context, and so no span of its. */
  readonly #outside = new AsyncResource('agent-chaos')
  #gone = false

  constructor(host: AttemptHost, number: number) {
    this.#host = host
    this.number = number
    const { errors, via } = host.scenario
    this.tools = new ToolBoundary(this, errors, via)
    // The task stays called off when the agent is started again.
    if (host.world.cancelled) this.#abort.abort(abortError())
  }

  /** Whether the agent crashed: nobody is there any more to be told anything. */
  get gone(): boolean {
    return this.#gone
  }

  get frozen(): boolean {
    return this.#gone || this.#host.over
  }

  readonly open: Crossings['open'] = (boundary, opening) => {
    if (this.frozen) return inert()
    const crossing = this.#host.open(boundary, opening)
    return {
      ...crossing,
      finish: (outcome, reply) => {
        if (!this.frozen) crossing.finish(outcome, reply)
      },
    }
  }

  readonly record: Crossings['record'] = (event) => {
    if (!this.frozen) this.#host.record(event)
  }

  get events(): Crossings['events'] {
    return this.#host.world.recorder.events
  }

  readonly portable: Crossings['portable'] = (text) => this.#host.world.files.portable(text)

  readonly digest: Crossings['digest'] = (text) => shortDigest(this.portable(text))

  readonly identityOf: Crossings['identityOf'] = (text) => this.digest(this.#host.world.ids.rename(text))

  readonly sleep: Crossings['sleep'] = (ms) => this.#host.world.clock.sleepOn(ms)

  readonly jumpClock: Crossings['jumpClock'] = (ms) => this.#host.world.clock.jump(ms)

  readonly cancel: Crossings['cancel'] = () => {
    if (this.frozen || this.#abort.signal.aborted) return
    this.record({ kind: 'cancel' })
    this.#abort.abort(abortError())
  }

  readonly kill: Crossings['kill'] = (ms) => {
    void this.sleep(ms).then(() => {
      if (!this.#host.answered) this.crash()
    })
  }

  readonly crash: Crossings['crash'] = () => {
    if (this.frozen) return
    this.#gone = true
    this.end()
    this.#outside.runInAsyncScope(() => this.#host.onCrash())
  }

  /** The agent's own side of its connections, which ends with it. */
  get client(): ClientSide {
    return new AttemptsClient(this, this.#host.world.clock)
  }

  effect(look: { readonly errors?: Scenario['errors']; readonly via?: Scenario['via'] } = {}): EffectFunction {
    const { scenario, world } = this.#host
    return effectFunction({
      ledger: world.ledger,
      crossings: this,
      parent: this.tools.current,
      look: { errors: { ...scenario.errors, ...look.errors }, via: look.via ?? 'throw' },
      onMisuse: (error) => this.#host.onMisuse(error),
    })
  }

  /** What the agent is handed; `worldTools` are the tools as the scenario's world made them for this attempt. */
  context(worldTools: unknown, fetch: typeof globalThis.fetch): AgentContext<unknown, unknown> {
    const { scenario, world } = this.#host
    return {
      task: scenario.task,
      tools: this.tools.instrument(worldTools ?? {}),
      state: world.state,
      fetch,
      endpoints: endpointsOf(scenario, this.#host.endpoints),
      signal: this.#abort.signal,
      attempt: this.number,
      files: world.files,
      instrument: this.tools.instrument,
      wrap: (client, methods, look) => this.#tell(() => wrapClient(client, methods, this.effect(look))),
      observe: {
        cockatiel: (breaker, site) => this.#tell(() => this.#observation.observe.cockatiel(breaker, site)),
        opossum: (breaker, site) => this.#tell(() => this.#observation.observe.opossum(breaker, site)),
        breaker: (site, found) => this.#tell(() => this.#observation.observe.breaker(site, found)),
      },
    }
  }

  /** A mistake of the user's is told though the agent catches it. */
  #tell<T>(call: () => T): T {
    try {
      return call()
    } catch (error) {
      if (!isUserError(error)) throw error
      const placed = new UserError(error.message, error.where ?? callSite())
      if (!this.frozen) this.#host.onMisuse(placed)
      throw placed
    }
  }

  /** What outlives it, as breakers at module level do, is listened to no longer. */
  end(): void {
    this.#observation.end()
  }

  /** For an agent that had not answered when its trial was over. */
  abort(): void {
    this.#abort.abort(abortError())
  }
}

class AttemptsClient implements ClientSide {
  readonly #attempt: Attempt
  readonly #clock: Clock

  constructor(attempt: Attempt, clock: Clock) {
    this.#attempt = attempt
    this.#clock = clock
  }

  get frozen(): boolean {
    return this.#attempt.frozen
  }

  readonly sleep: ClientSide['sleep'] = (ms, signal) => (this.frozen ? never() : this.#clock.sleep(ms, signal))
}

function endpointsOf({ providers }: Scenario, endpoints: EndpointsOptions): ModelEndpoints {
  const known = providers.map((provider) => [provider.name, endpointOf(provider, endpoints[provider.name])] as const)
  return Object.fromEntries(known) as unknown as ModelEndpoints
}
