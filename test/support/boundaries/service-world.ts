/** Services in a world of their own: a clock that is told to pass, a plan by hand, and a client with the real errors. */
import type { Ending, Modifier } from '../../../faults/action.js'
import type { ActionAt } from '../../../faults/boundaries.js'
import type { FaultClass } from '../../../faults/fault.js'
import { Services } from '../../../harness/boundaries/http/services.js'
import type { Crossings, OpenCrossing, Unstamped } from '../../../harness/contracts/crossing.js'
import type { ServiceHandler, ServiceOptions } from '../../../harness/contracts/service.js'
import type { Outcome, TraceEvent } from '../../../harness/contracts/trace.js'
import { memoryFetch } from '../../../harness/transports/memory/memory.js'
import { HandClock } from '../providers/simulated.js'

export const origin = 'https://api.example.com'

type HttpAction = ActionAt<'http'>
export interface Treated {
  readonly modifiers?: readonly Extract<HttpAction, Modifier>[]
  readonly ending?: Extract<HttpAction, Ending>
  readonly class?: FaultClass
}

/** What happened, in the order in which it did; `at` is virtual milliseconds. */
export interface Happening {
  readonly at: number
  readonly what: 'call' | 'struck' | 'effect' | 'return' | 'crash' | 'jump' | 'cancel' | 'kill'
  readonly facts?: unknown
}

type EffectFacts = Omit<Extract<Unstamped, { kind: 'effect' }>, 'kind'>

export class ServiceWorld {
  readonly clock = new HandClock()
  readonly happenings: Happening[] = []
  /** What the trace holds, for answers that were given before. */
  readonly events: TraceEvent[] = []
  readonly services: Services
  /** Of the n-th crossing, from 0; none where there is none. */
  readonly treatments: Treated[]
  frozen = false
  #opened = 0
  /** What the last crossing was opened with, for selectors. */
  argument: unknown

  constructor(treatments: readonly Treated[] = [], memory?: ReturnType<Services['snapshot']>) {
    this.treatments = [...treatments]
    this.services = new Services({
      crossings: () => this.#crossings(),
      record: (event) => this.#note(event.kind === 'effect' ? 'effect' : 'call', withoutKind(event)),
      now: () => this.clock.nowMs,
      sleep: (ms) => this.clock.sleep(ms),
      parent: () => 7,
      reserved: ['https://api.anthropic.com'],
    })
    if (memory) this.services.restore(memory)
  }

  /** Declares a service that counts what it did. */
  declare(handler: ServiceHandler, options?: ServiceOptions): this {
    this.services.service(origin, handler, options)
    return this
  }

  /** Sends a request, lets `ms` pass, and says what the client got by then; `pending` where it still waits. */
  async send(path: string, init: RequestInit = {}, ms = 1_000): Promise<string> {
    const sent = this.request(path, init).then(describe, (error: Error) => failure(error))
    await this.clock.pass(ms)
    return Promise.race([sent, this.clock.pass(0).then(() => 'pending')])
  }

  post(path: string, body: unknown, key?: string, ms?: number): Promise<string> {
    return this.send(path, posting(body, key), ms)
  }

  request(path: string, init: RequestInit = {}): Promise<Response> {
    const url = `${origin}${path}`
    const endpoint = this.services.endpoint(url)
    if (!endpoint) throw new Error(`no service at ${url}`)
    return memoryFetch(endpoint, this.clock.sleep)(url, url, init)
  }

  of(what: Happening['what']): unknown[] {
    return this.happenings.filter((happening) => happening.what === what).map(({ facts }) => facts)
  }

  effects(): EffectFacts[] {
    return this.of('effect') as EffectFacts[]
  }

  outcomes(): Outcome[] {
    return this.of('return') as Outcome[]
  }

  /** When each thing happened, in a line. */
  story(): string {
    return this.happenings.map(({ at, what }) => `${what}@${at}`).join(' ')
  }

  #crossings(): Crossings {
    const isFrozen = () => this.frozen
    return {
      open: (_boundary, opening) => {
        const { argument, ...facts } = opening
        const number = this.#opened++
        this.argument = argument()
        this.#note('call', facts)
        const { modifiers = [], ending, class: endingClass = 'unknown' } = this.treatments[number] ?? {}
        const crossing: OpenCrossing<'http'> = {
          number,
          treatment: { modifiers, ending },
          endingClass,
          strike: (which = 'all') => void (which === 'all' && this.treatments[number] && this.#note('struck')),
          finish: (outcome) => this.#note('return', outcome),
        }
        return crossing as never
      },
      record: () => {},
      digest: (text) => text,
      portable: (text) => text,
      identityOf: (text) => text,
      events: this.events,
      sleep: (ms) => this.clock.sleep(ms),
      jumpClock: (ms) => this.#note('jump', ms),
      cancel: () => this.#note('cancel'),
      kill: (ms) => this.#note('kill', ms),
      crash: () => {
        this.#note('crash')
        this.frozen = true
      },
      get frozen() {
        return isFrozen()
      },
    }
  }

  #note(what: Happening['what'], facts?: unknown): void {
    this.happenings.push({ at: this.clock.nowMs, what, ...(facts !== undefined && { facts }) })
  }
}

export function posting(body: unknown, key?: string): RequestInit {
  return {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) },
  }
}

function withoutKind({ kind: _, ...facts }: Unstamped): unknown {
  return facts
}

/** `201 {"id":1}`, with a mark where it was a replay; `201, then terminated` where the body did not come through. */
async function describe(response: Response): Promise<string> {
  const replayed = response.headers.get('idempotent-replayed') === 'true' ? ' replayed' : ''
  try {
    return `${response.status}${replayed} ${await response.text()}`.trim()
  } catch (error) {
    return `${response.status}, then ${failure(error as Error)}`
  }
}

function failure(error: Error): string {
  const { cause } = error
  const { code } = (cause ?? error) as { readonly code?: string }
  return code ?? error.message
}
