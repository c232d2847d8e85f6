/**
 * The HTTP services of one trial's world, by origin. They outlive a crash of the agent: what they remember is theirs,
 * and moves to another process as plain data.
 */
import type { Json } from '../../../faults/json.js'
import type { Crossings, Unstamped } from '../../contracts/crossing.js'
import type { UserError } from '../../contracts/errors.js'
import type { Utility, WireRequest } from '../../contracts/provider.js'
import type { HttpRequest } from '../../contracts/request.js'
import type { HttpWorld, ServiceHandler, ServiceOptions } from '../../contracts/service.js'
import type { Endpoint, Exchange } from '../../contracts/transport.js'
import { sentOf, type Wiretap } from '../../contracts/wire.js'
import { resolveIdempotency } from '../effect/idempotency.js'
import { checkOptions, latencyMsDefault, readOrigin } from './declaration.js'
import { exchange, unanswerable } from './exchange.js'
import { IdempotencyKeys } from './idempotency-keys.js'
import { receive } from './request.js'
import { Service } from './service.js'

export interface ServicesOptions {
  /** The crossings of the attempt that runs now. */
  crossings(): Crossings
  /** Appends to the trace for the world, also when the agent has crashed. */
  record(event: Unstamped): void
  /** Virtual milliseconds since the trial began. */
  now(): number
  /** Virtual sleep of the world's, which goes on when the agent crashes. */
  sleep(ms: number): Promise<void>
  /** The crossing under way while a request begins, where that is known. */
  parent(): number | null
  /** Origins that no service can have: those of the model providers. */
  readonly reserved: readonly string[]
  readonly wiretap?: Wiretap | undefined
  /** A handler says that it is the user who has to fix something. */
  readonly onMisuse?: (error: UserError) => void
}

export class Services implements HttpWorld {
  readonly #options: ServicesOptions
  readonly #services = new Map<string, Service>()
  readonly #keys = new Map<string, IdempotencyKeys>()

  constructor(options: ServicesOptions) {
    this.#options = options
  }

  readonly service = (given: string, handler: ServiceHandler, options: ServiceOptions = {}): void => {
    const { now, record, reserved, onMisuse } = this.#options
    const origin = readOrigin(given, this.#services.keys(), reserved)
    checkOptions(origin, handler, options)
    const { latencyMs = latencyMsDefault, intent } = options
    const idempotency = resolveIdempotency(options.idempotency)
    const takesNoKeys = options.idempotency === 'none'
    const keys = this.#keysOf(origin)
    const parts = { handler, idempotency, takesNoKeys, intent, latencyMs, keys, now, record, onMisuse }
    this.#services.set(origin, new Service(parts))
  }

  /** Before a world is made anew, which declares its services again. What they remember stays. */
  undeclare(): void {
    this.#services.clear()
  }

  /** Whether a service is at work on an answer. */
  get busy(): boolean {
    return [...this.#services.values()].some(({ busy }) => busy)
  }

  /** As `URL.origin` has them, in the order of their declaration. */
  get origins(): readonly string[] {
    return [...this.#services.keys()]
  }

  /** What answers requests to this address; `undefined` where no service is declared there. */
  endpoint(url: string): Endpoint | undefined {
    const service = this.#services.get(originOf(url))
    return service && ((request) => this.#answer(service, request))
  }

  /** What answers at an endpoint of a provider's that asks no model; `answer` where it is not the endpoint alone. */
  utility({ answer: own, fail }: Utility, latencyMs: number, answer = own): Endpoint {
    const { now, record } = this.#options
    return (wire) => {
      const handler: ServiceHandler = () => {
        const { status, headers, chunks } = answer(wire)
        return { status, headers, body: chunks.join('') }
      }
      const idempotency = resolveIdempotency('none')
      const keys = new IdempotencyKeys()
      const intent = () => null
      const parts = { handler, idempotency, takesNoKeys: false, intent, latencyMs, keys, now, record, fail }
      return this.#answer(new Service(parts), wire, { changesNothing: true })
    }
  }

  /** What the services remember of idempotency keys, as plain data for `restore`. */
  snapshot(): Json {
    return Object.fromEntries([...this.#keys].map(([origin, keys]) => [origin, keys.snapshot()]))
  }

  /** Before or after the services are declared. */
  restore(memory: Json): void {
    for (const [origin, keys] of Object.entries(memory as Readonly<Record<string, Json>>)) {
      this.#keysOf(origin).restore(keys)
    }
  }

  #answer(
    service: Service,
    request: Parameters<Endpoint>[0],
    more: Pick<HttpRequest, 'changesNothing'> = {},
  ): ReturnType<Endpoint> {
    const crossings = this.#options.crossings()
    const received = receive(request)
    const { method, url, data, headers } = received.request
    const crossing = crossings.open('http', {
      target: received.target,
      request: { ...received.asked, ...more },
      identity: crossings.identityOf(received.likeness),
      argument: () => ({ method, url: url.href, body: data, headers }),
      traits: [],
      parent: this.#options.parent(),
    })
    if (crossings.frozen) return unanswerable
    const { sleep, wiretap } = this.#options
    const done = exchange({ service, received, crossing, crossings, sleep })
    return wiretap ? tap(done, crossing.number, request, wiretap) : done
  }

  #keysOf(origin: string): IdempotencyKeys {
    const known = this.#keys.get(origin)
    if (known) return known
    const keys = new IdempotencyKeys()
    this.#keys.set(origin, keys)
    return keys
  }
}

function tap(
  done: Exchange | Promise<Exchange>,
  crossing: number,
  request: WireRequest,
  wiretap: Wiretap,
): typeof done {
  if (done instanceof Promise) return done.then((exchange) => tap(exchange, crossing, request, wiretap))
  wiretap({ crossing, request: sentOf(request), delivery: done.delivery })
  return done
}

function originOf(url: string): string {
  try {
    return new URL(url).origin
  } catch {
    return ''
  }
}
